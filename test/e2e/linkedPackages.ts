import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'

const output = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' })

/** The Debian packages of the libraries that the programs in a folder link, but for those that it holds itself. */
export function linkedPackages(folder: string): Set<string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const own = new Set(files.map((file) => basename(file)))
  const programs = files.filter((file) => /rho-lab-app$|\.node$|\.so(\.\d+)*$/.test(file))
  const linked = new Set(
    programs.flatMap((file) => {
      const needed = directlyNeeded(file)
      return [...output('ldd', file).matchAll(/^\s*(\S+) => (\/\S+)/gm)]
        .filter(([, name]) => !own.has(name) && needed.has(name))
        .map(([, , path]) => path)
    }),
  )
  return packagesOf(linked)
}

/** The names of libraries in a program's own table. */
const directlyNeeded = (file: string) =>
  new Set([...output('objdump', '-p', file).matchAll(/NEEDED\s+(\S+)/g)].map(([, name]) => name))

function packagesOf(paths: ReadonlySet<string>): Set<string> {
  // Debian keeps /lib in /usr/lib, and knows a file by one of the two.
  const names = [...paths].flatMap((path) => [path, path.replace(/^\/usr/, ''), `/usr${path}`])
  const { stdout } = spawnSync('dpkg', ['-S', ...names], { encoding: 'utf8' })
  const known = [...stdout.matchAll(/^([^:]+):.* (\/\S+)$/gm)]
  const holders = new Map(known.map(([, holder, path]) => [realpathSync(path), holder]))
  return new Set([...paths].map((path) => holders.get(realpathSync(path)) ?? `what holds ${path}`))
}
