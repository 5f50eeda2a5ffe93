import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

// What electron-builder asks of fpm for a .deb, by dpkg-deb: fpm itself is downloaded from GitHub. Run in its place.
const flags = new Set(['--force', '--debug'])
const options = new Map<string, string[]>()
const contents: string[] = []
const args = process.argv.slice(2)
for (let k = 0; k < args.length; k++) {
  const argument = args[k]
  if (!argument.startsWith('-')) contents.push(argument)
  else if (!flags.has(argument)) options.set(argument, [...(options.get(argument) ?? []), args[++k]])
}
const [one, all] = [(name: string) => options.get(name)?.[0] ?? '', (name: string) => options.get(name) ?? []]

const root = mkdtempSync(join(tmpdir(), 'rho-lab-deb-'))
try {
  for (const pair of contents) {
    const [source, target] = pair.split('=')
    const isFile = statSync(source).isFile()
    const to = join(root, isFile && target.endsWith('/') ? join(target, basename(source)) : target)
    mkdirSync(dirname(to), { recursive: true })
    cpSync(source, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  }
  const control = join(root, 'DEBIAN')
  mkdirSync(control)
  writeFileSync(
    join(control, 'control'),
    [
      `Package: ${one('--name')}`,
      `Version: ${one('--version')}`,
      `Architecture: ${one('--architecture')}`,
      `Maintainer: ${one('--maintainer')}`,
      `Homepage: ${one('--url')}`,
      `Priority: ${one('--deb-priority')}`,
      `Depends: ${all('-d').join(', ')}`,
      `Recommends: ${all('--deb-recommends').join(', ')}`,
      `Description: ${one('--description')}`,
      '',
    ].join('\n'),
  )
  for (const [name, option] of [
    ['postinst', '--after-install'],
    ['postrm', '--after-remove'],
  ]) {
    cpSync(one(option), join(control, name))
    chmodSync(join(control, name), 0o755)
  }
  chmodSync(root, 0o755)
  execFileSync('dpkg-deb', ['--root-owner-group', '-Znone', '--build', root, one('--package')])
} finally {
  rmSync(root, { recursive: true })
}
