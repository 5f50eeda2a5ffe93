import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkContents } from '../../scripts/packaging/checkContents.ts'

const repository = path.join(import.meta.dirname, '..', '..')
let root: string
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'rho-lab-contents-'))))
afterEach(() => rmSync(root, { recursive: true }))

/** A tree that has what package.json names, by names alone, for one system. */
function treeFor(platform: string, arch: string, without?: string): void {
  const manifest = readFileSync(path.join(repository, 'package.json'), 'utf8')
  writeFileSync(path.join(root, 'package.json'), manifest)
  cpSync(path.join(repository, 'scripts/packaging'), path.join(root, 'scripts/packaging'), {
    recursive: true,
  })
  const [, { filter }] = (
    JSON.parse(manifest) as { build: { files: (string | { filter: string[] })[] } }
  ).build.files.filter((contents, k) => k === 0 || typeof contents === 'object') as [
    string,
    { filter: string[] },
  ]
  const files = filter
    .filter((pattern) => !pattern.startsWith('!') && pattern !== without)
    .map((pattern) => pattern.replaceAll('${platform}', platform).replaceAll('${arch}', arch))
    .map((pattern) => `node_modules/${pattern.replace('/**', '/file').replaceAll('*', 'x')}`)
  for (const file of ['out/main/index.js', ...files]) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true })
    writeFileSync(path.join(root, file), '')
  }
}
const onnx = 'onnxruntime-node/bin/*/${platform}/${arch}/**'

test.each([
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['darwin', 'arm64'],
  ['win32', 'x64'],
] as const)('an app for %s %s without ONNX Runtime is never packaged', (platform, arch) => {
  treeFor(platform, arch)
  expect(() => checkContents(root, platform, arch)).not.toThrow()
  rmSync(path.join(root, 'node_modules'), { recursive: true })
  treeFor(platform, arch, onnx)
  expect(() => checkContents(root, platform, arch)).toThrow(
    new RegExp(
      `^Nothing matches onnxruntime-node/bin/\\*/${platform}/${arch}/\\*\\* in .*"build" in package.json\\.$`,
    ),
  )
})

test('for Intel Macs, for which there is no ONNX Runtime, everything else must be there', () => {
  treeFor('darwin', 'x64', onnx)
  expect(() => checkContents(root, 'darwin', 'x64')).not.toThrow()
  rmSync(path.join(root, 'node_modules', 'better-sqlite3', 'prebuilds'), { recursive: true })
  expect(() => checkContents(root, 'darwin', 'x64')).toThrow(/better-sqlite3\/prebuilds\/darwin-x64\.node/)
})

test('a file beside the app that is not there fails the packaging too', () => {
  treeFor('linux', 'x64')
  rmSync(path.join(root, 'scripts/packaging/rho-lab.sh'))
  expect(() => checkContents(root, 'linux', 'x64')).toThrow(
    /^Nothing matches scripts\/packaging\/rho-lab\.sh/,
  )
})
