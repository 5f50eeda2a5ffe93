import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '#db/queries/checkpoints.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import {
  getDataset,
  getDatasetToDerive,
  insertDataset,
  readPatches,
  readWhitening,
} from '#db/queries/datasets.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { readFilters } from '#db/queries/units.ts'
import { findBrokenBlobs } from '#db/storedParts.ts'
import type { Library } from '#db/library.ts'
import { LabError } from '#shared/domain/labError.ts'
import { makeDraft, makeLibrary, makeRun } from './makeLibrary.ts'

const draft = makeDraft({ whitening: Float32Array.from({ length: 16 }, (_, i) => i) })

async function makeAll() {
  const library = makeLibrary()
  const datasetId = await insertDataset(library, draft)
  const runId = await makeRun(library, { datasetId, snapshots: [0, 40], iterations: 41 })
  await writeCheckpoint(library, runId, 40, Uint8Array.of(1, 2, 3, 4))
  return { library, datasetId, runId }
}

const hashIn = (library: Library, sql: string) => library.db.prepare<[], string>(sql).pluck().get() ?? ''

/** One bit of one byte, as a bad disk leaves it. */
function flip(library: Library, hash: string): void {
  const bytes = readFileSync(library.blobs.path(hash))
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(library.blobs.path(hash), bytes)
}

const remove = (library: Library, hash: string) => rmSync(library.blobs.path(hash))

const parts: Record<string, { sql: string; read(library: Library): unknown; named: string; mend: RegExp }> = {
  patches: {
    sql: 'SELECT hash FROM datasets',
    read: (library) => readPatches(library, 1),
    named: 'The patches of dataset 1 "photos" are',
    mend: /backup, derive the dataset again as it is \(lab derive 1\), or open a bundle/,
  },
  positions: {
    sql: 'SELECT positions_hash FROM datasets',
    read: (library) => readPositions(library, 1),
    named: 'The positions of the patches of dataset 1 "photos" are',
    mend: /lab derive 1/,
  },
  whitening: {
    sql: 'SELECT whitening_hash FROM datasets',
    read: (library) => readWhitening(library, 1),
    named: 'The whitening matrix of dataset 1 "photos" is',
    mend: /lab derive 1/,
  },
  preview: {
    sql: 'SELECT preview_before_hash FROM datasets',
    read: (library) => getDataset(library, 1),
    named: 'The first patches of dataset 1 "photos" are',
    mend: /lab derive 1/,
  },
  weights: {
    sql: 'SELECT blob_hash FROM snapshots WHERE iteration = 40',
    read: (library) => readSnapshot(library, 1, 40),
    named: 'The weights of run 1 "edges" at iteration 40 are',
    mend: /backup, or take the weights of another iteration\./,
  },
  'all filters': {
    sql: 'SELECT blob_hash FROM snapshots WHERE iteration = 40',
    read: (library) => readFilters(library, 1),
    named: 'The weights of run 1 "edges" at iteration 40 are',
    mend: /another iteration/,
  },
  checkpoint: {
    sql: 'SELECT blob_hash FROM checkpoints',
    read: (library) => readCheckpoint(library, 1),
    named: 'The checkpoint of run 1 "edges" is',
    mend: /backup, or start a new run from its last weights \(lab train --init-run 1\)/,
  },
}

describe.each(Object.entries(parts))('%s', (_, { sql, read, named, mend }) => {
  test.each([
    ['with one bit changed are refused', 'damaged', flip],
    ['that are gone are named', 'missing', remove],
  ])('%s, with whose they are and the mend', async (_, problem, harm) => {
    const { library } = await makeAll()
    expect(() => read(library)).not.toThrow()
    harm(library, hashIn(library, sql))
    const error = (() => {
      try {
        read(library)
      } catch (error) {
        return error
      }
    })()
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({ code: 'badInput' })
    expect((error as LabError).message).toContain(`${named} ${problem}. `)
    expect((error as LabError).message).toMatch(mend)
  })
})

test('a dataset that is made again has its damaged and missing files back', async () => {
  const { library, datasetId } = await makeAll()
  flip(library, hashIn(library, 'SELECT hash FROM datasets'))
  remove(library, hashIn(library, 'SELECT preview_after_hash FROM datasets'))
  // What is damaged does not stand in the way.
  expect(getDatasetToDerive(library, datasetId)).toMatchObject({ name: 'photos', patches: 6 })
  await insertDataset(library, draft)
  expect(readPatches(library, datasetId)).toEqual(draft.patches)
  expect(getDataset(library, datasetId).preview.after).toEqual(draft.preview.after)
})

test('looking at all blobs finds each that is not what it was, and all that need it', async () => {
  const { library, datasetId, runId } = await makeAll()
  await insertDataset(library, { ...draft, name: 'the same' })
  let bytes = 0
  const look = () => findBrokenBlobs(library, async (count) => void (bytes += count))
  expect((await look()).broken).toEqual([])
  expect(bytes).toBe(library.blobs.list().reduce((sum, hash) => sum + library.blobs.sizeBytes(hash), 0))
  const [patches, weights] = [
    hashIn(library, 'SELECT hash FROM datasets'),
    hashIn(library, 'SELECT blob_hash FROM snapshots WHERE iteration = 0'),
  ]
  flip(library, patches)
  remove(library, weights)
  const { checked, broken } = await look()
  expect(checked).toBe(library.blobs.list().length + 1)
  expect(broken).toEqual([
    {
      hash: patches,
      problem: 'damaged',
      parts: [
        { kind: 'patches', id: datasetId, name: 'photos' },
        { kind: 'patches', id: 2, name: 'the same' },
      ],
    },
    {
      hash: weights,
      problem: 'missing',
      parts: [{ kind: 'weights', id: runId, name: 'edges', iteration: 0 }],
    },
  ])
})
