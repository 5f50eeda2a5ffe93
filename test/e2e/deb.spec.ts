import { expect, test } from '@playwright/test'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageApp } from '../../scripts/packaging/packageApp.ts'
import { unpackedElectron } from './packagedLab.ts'

const has = (command: string) => spawnSync(command, ['--version']).status === 0
test.skip(process.platform !== 'linux' || !has('dpkg-deb'), 'A .deb is made on Debian.')
let scratch: string
let deb: string
test.beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'rho-lab-deb-test-'))
  const fpm = join(scratch, 'fpm')
  const script = join(import.meta.dirname, 'fpmOverDpkg.ts')
  writeFileSync(fpm, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, { mode: 0o755 })
  process.env['CUSTOM_FPM_PATH'] = fpm
  const electron = unpackedElectron(process.env['RHO_LAB_ELECTRON'] ?? '')
  const made = await packageApp({ output: scratch, target: 'deb', electron })
  deb = made.find((file) => file.endsWith('.deb'))!
})
test.afterAll(() => {
  delete process.env['CUSTOM_FPM_PATH']
  if (scratch) rmSync(scratch, { recursive: true })
})

const output = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' })
test('the .deb depends on every library that its programs link', () => {
  const folder = join(scratch, 'linux-unpacked')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  const own = new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)))
  const programs = files.filter((file) => /rho-lab-app$|\.node$|\.so(\.\d+)*$/.test(file))
  const depends = output('dpkg-deb', '--field', deb, 'Depends').split(/[,|]\s*|\s+\|/)
  const named = new Set(depends.map((name) => name.trim()))
  const linked = new Set(
    programs.flatMap((file) =>
      [...output('ldd', file).matchAll(/^\s*(\S+) => (\/\S+)/gm)]
        .filter(([, name]) => !own.has(name) && directly(file).has(name))
        .map(([, , path]) => packageOf(path)),
    ),
  )
  expect(linked.size).toBeGreaterThan(10)
  expect([...linked].filter((name) => !named.has(name))).toEqual([])
})

/** The names of libraries in a program's own table. */
const directly = (file: string) => {
  const names = new Set<string>()
  for (const [, name] of output('objdump', '-p', file).matchAll(/NEEDED\s+(\S+)/g)) names.add(name)
  return names
}

/** Debian keeps /lib in /usr/lib, and knows a file by one of the two. */
function packageOf(path: string): string {
  for (const known of [path, path.replace(/^\/usr/, ''), `/usr${path}`]) {
    const { status, stdout } = spawnSync('dpkg', ['-S', known], { encoding: 'utf8' })
    if (status === 0) return stdout.split(':')[0]
  }
  return `what holds ${path}`
}
