import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { withPatches } from '#main/analysis/withPatches.ts'
import { makeFolder } from '../db/makeLibrary.ts'

const [m, n] = [10, 3]
const values = Float32Array.from({ length: m * n }, (_, i) => i)

function makeFile(): string {
  const file = path.join(makeFolder(), 'patches')
  writeFileSync(file, values)
  return file
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
  expect(() => withPatches('/nowhere', m, n, () => {})).toThrow(/damaged/)
})
