import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isStale } from '../../scripts/buildIfStale.ts'

let root: string
const before = new Date(1_000_000_000_000)
const builtAt = new Date(1_100_000_000_000)
const after = new Date(1_200_000_000_000)

function write(path: string, time: Date): void {
  const file = join(root, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, '')
  utimesSync(file, time, time)
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rho-lab-stale-'))
  write('main/app/index.ts', before)
  write('out/main/index.js', builtAt)
  write('out/.built', builtAt)
  for (const folder of ['main/app', 'main']) utimesSync(join(root, folder), before, before)
})
afterEach(() => rmSync(root, { recursive: true }))

describe('isStale', () => {
  it('leaves a build alone that is newer than all sources', () => {
    expect(isStale(root)).toBe(false)
  })

  it('sees a changed source', () => {
    utimesSync(join(root, 'main/app/index.ts'), after, after)
    expect(isStale(root)).toBe(true)
  })

  it('sees a deleted source by its folder', () => {
    rmSync(join(root, 'main/app/index.ts'))
    expect(isStale(root)).toBe(true)
  })

  it('sees a build that broke off, and none at all', () => {
    rmSync(join(root, 'out/.built'))
    expect(isStale(root)).toBe(true)
    rmSync(join(root, 'out'), { recursive: true })
    expect(isStale(root)).toBe(true)
  })
})
