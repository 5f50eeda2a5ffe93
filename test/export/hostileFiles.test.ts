import * as fc from 'fast-check'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { countAll } from '#db/queries/changes.ts'
import { readBundle } from '#main/export/bundle/readBundle.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { parseWeights } from '#main/export/importWeights.ts'
import { LabError } from '#shared/domain/labError.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'
import { mutations } from '../mutations.ts'

// Files of others: read, or refused with one sentence; nothing else.

async function smallLibrary() {
  const library = makeLibrary()
  const datasetId = await makeDataset(library)
  const id = await makeRun(library, {
    datasetId,
    name: 'small',
    iterations: 2,
    snapshots: [0, 1],
    status: 'finished',
  })
  return { library, id }
}

/** Whether it was taken; refused is with a sentence of ours. */
async function isTaken(read: () => unknown): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    expect(error.message).toMatch(/\.$/)
    return false
  }
}

describe('weights', () => {
  test.each(['npz', 'mat', 'safetensors', 'onnx', 'csv', 'json'] as const)(
    'as %s are read or refused, however they were damaged',
    async (format) => {
      const { library, id } = await smallLibrary()
      const file = path.join(makeFolder(), `w.${format}`)
      await exportRun(library, id, { format, file } as never)
      const original = new Uint8Array(readFileSync(file))
      expect(await isTaken(() => parseWeights(original, `w.${format}`))).toBe(true)
      await fc.assert(
        fc.asyncProperty(mutations(original), async (damaged) => {
          await isTaken(() => parseWeights(damaged, `w.${format}`))
        }),
        { numRuns: 200 },
      )
    },
  )
})

test('a bundle is taken whole or not at all, however it was damaged', async () => {
  const { library, id } = await smallLibrary()
  const bundle = path.join(makeFolder(), 'runs.rholab')
  await writeBundle(library, [id], bundle)
  const original = new Uint8Array(readFileSync(bundle))
  const other = makeLibrary()
  await fc.assert(
    fc.asyncProperty(mutations(original), async (damaged) => {
      writeFileSync(bundle, damaged)
      const before = countAll(other)
      if (!(await isTaken(() => readBundle(other, bundle)))) expect(countAll(other)).toEqual(before)
    }),
    { numRuns: 80 },
  )
})
