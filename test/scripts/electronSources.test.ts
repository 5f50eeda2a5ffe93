import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { missingLibraries } from '../../scripts/debianPackages.ts'
import { reasonOf } from '../../scripts/electron/downloadOfficialElectron.ts'
import { nodeHeaders } from '../../scripts/electron/nodeHeaders.ts'
import { isRecent } from '../../scripts/electron/officialElectron.ts'
import { overrideElectron } from '../../scripts/electron/overrideElectron.ts'
import { sandboxObstacle } from '../../scripts/electron/sandboxObstacle.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-sources-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('overrideElectron', () => {
  it('is silent when the environment names nothing', () => {
    expect(overrideElectron({})).toBeUndefined()
    expect(overrideElectron({ ELECTRON_EXEC_PATH: '' })).toBeUndefined()
  })

  it('takes a file by ELECTRON_EXEC_PATH', () => {
    const file = join(folder, 'my-electron')
    writeFileSync(file, '')
    expect(overrideElectron({ ELECTRON_EXEC_PATH: file })).toBe(file)
  })

  it('refuses a path where nothing is, naming the variable', () => {
    expect(() => overrideElectron({ ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'gone') })).toThrow(
      /ELECTRON_OVERRIDE_DIST_PATH names no Electron: .*gone/,
    )
  })
})

describe('a failed download of Electron', () => {
  const failure = { failedAt: 1_000_000, mirror: '', reason: 'fetch failed' }
  const hourMs = 60 * 60 * 1000

  it('spares later runs the wait for a day, and no longer', () => {
    expect(isRecent(failure, '', failure.failedAt + hourMs)).toBe(true)
    expect(isRecent(failure, '', failure.failedAt + 25 * hourMs)).toBe(false)
  })

  it('is tried again at once when another mirror is named or the clock went back', () => {
    expect(isRecent(failure, 'https://mirror.example/', failure.failedAt + hourMs)).toBe(false)
    expect(isRecent(failure, '', failure.failedAt - hourMs)).toBe(false)
  })

  it('is told in the words of the error, without its stack', () => {
    expect(reasonOf('TypeError: fetch failed\n    at node:internal/x:1:2\n')).toBe('fetch failed')
    expect(reasonOf('HTTPError: Response code 404 (Not Found) for https://x/y')).toBe(
      'Response code 404 (Not Found) for https://x/y',
    )
    expect(reasonOf('')).toBe('its installer failed')
  })
})

function installNode(name: string, major: number): string {
  const prefix = join(folder, name)
  mkdirSync(join(prefix, 'bin'), { recursive: true })
  mkdirSync(join(prefix, 'include', 'node'), { recursive: true })
  writeFileSync(join(prefix, 'bin', 'node'), '')
  writeFileSync(
    join(prefix, 'include', 'node', 'node_version.h'),
    `#ifndef X\n#define NODE_MAJOR_VERSION ${major}\n`,
  )
  return prefix
}

function pathOf(...prefixes: string[]): NodeJS.ProcessEnv {
  return { PATH: prefixes.map((prefix) => join(prefix, 'bin')).join(delimiter) }
}

describe('nodeHeaders', () => {
  it('passes over a Node without headers, such as the one in node_modules/.bin', () => {
    const bare = join(folder, 'bare')
    mkdirSync(join(bare, 'bin'), { recursive: true })
    writeFileSync(join(bare, 'bin', 'node'), '')
    const whole = installNode('whole', 20)
    expect(nodeHeaders(pathOf(bare, whole))).toBe(whole)
  })

  it('prefers the headers of Node 20, and takes later ones rather than none', () => {
    const later = installNode('later', 24)
    const same = installNode('same', 20)
    expect(nodeHeaders(pathOf(later, same))).toBe(same)
    expect(nodeHeaders(pathOf(later))).toBe(later)
  })

  it('leaves headers that are too old', () => {
    const old = installNode('old', 18)
    expect(nodeHeaders(pathOf(old))).not.toBe(old)
  })
})

describe('missingLibraries', () => {
  it('names what ldd does not find and nothing else', () => {
    const lddOutput = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibnss3.so => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
      '\tlibgbm.so.1 => not found',
    ].join('\n')
    expect(missingLibraries(lddOutput)).toEqual(['libnss3.so', 'libgbm.so.1'])
  })
})

describe('sandboxObstacle', () => {
  const apparmor = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'

  it('explains the crash that Ubuntu 24.04 would show instead of a window', () => {
    const obstacle = sandboxObstacle(join(folder, 'electron'), (path) => (path === apparmor ? '1' : ''))
    expect(obstacle).toContain(`sudo chown root:root ${join(folder, 'chrome-sandbox')}`)
    expect(obstacle).toContain('--no-sandbox')
  })

  it('is in nobody’s way elsewhere', () => {
    expect(sandboxObstacle(join(folder, 'electron'), () => '')).toBeUndefined()
    expect(
      sandboxObstacle(join(folder, 'electron'), (path) => (path === apparmor ? '0' : '1')),
    ).toBeUndefined()
  })
})
