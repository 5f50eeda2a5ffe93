import { createHash } from 'node:crypto'
import { utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withPatches } from '#main/analysis/withPatches.ts'
import type { PatchesFile } from '#shared/domain/storedPart.ts'
import { makeFolder } from '../db/makeLibrary.ts'

const [m, n] = [10, 3]
const values = Float32Array.from({ length: m * n }, (_, i) => i)

const bytes = new Uint8Array(values.buffer)
const hash = createHash('sha256').update(bytes).digest('hex')
const part = { kind: 'patches', id: 1, name: 'photos' } as const

function makeFile(): PatchesFile {
  const file = path.join(makeFolder(), 'patches')
  writeFileSync(file, bytes)
  return { path: file, hash, part }
}

test.each([1, 12, 36, 100, 1 << 20])(
  'every patch is seen once, in order, %i bytes at a time',
  (blockBytes) => {
    const seen: number[] = []
    withPatches(
      makeFile(),
      m,
      n,
      (patches) =>
        patches.eachBlock((rows, first, count) => {
          expect(first).toBe(seen.length / n)
          seen.push(...rows.subarray(0, count * n))
        }),
      blockBytes,
    )
    expect(seen).toEqual([...values])
  },
)

test('single patches are read in the order asked for', () => {
  const rows = withPatches(makeFile(), m, n, (patches) => patches.read([7, 0, 7]))
  expect([...rows]).toEqual([21, 22, 23, 0, 1, 2, 21, 22, 23])
})

test('a file that is missing or too short is said to be damaged', () => {
  expect(() => withPatches(makeFile(), m + 1, n, (patches) => patches.eachBlock(() => {}))).toThrow(/damaged/)
  const nowhere = { ...makeFile(), path: '/nowhere' }
  expect(() => withPatches(nowhere, m, n, () => {})).toThrow(/patches of dataset 1 "photos" are missing/)
})

test('nothing is said about patches that have changed: who sees all of them hears of it', () => {
  const file = makeFile()
  const sum = () => {
    let sum = 0
    withPatches(file, m, n, (patches) => patches.eachBlock((rows) => rows.forEach((value) => (sum += value))))
    return sum
  }
  expect(sum()).toBe((29 * 30) / 2)
  const changed = bytes.slice()
  changed[50] ^= 1
  writeFileSync(file.path, changed)
  // Another time than before, however coarse the disk's clock.
  utimesSync(file.path, 1, 1)
  expect(sum).toThrow(/patches of dataset 1 "photos" are damaged/)
})
