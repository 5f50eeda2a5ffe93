import { describe, expect, test } from 'vitest'
import {
  completeDataset,
  findDatasetByHash,
  getDataset,
  insertDatasetCard,
  listDatasets,
  patchesFile,
  removeDataset,
} from '#db/queries/datasets.ts'
import { getRun, restoreRun, type KeptRun } from '#db/queries/runs.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { makeDataset, makeDraft, makeLibrary, makeRecord, makeRun } from './makeLibrary.ts'

const hash = 'a'.repeat(64)

/** What another library says of its run. */
async function keptRun(): Promise<KeptRun> {
  const library = makeLibrary()
  const id = await makeRun(library, { name: 'edges', tags: ['best'], iterations: 3, status: 'finished' })
  const run = getRun(library, id)
  return {
    ...run,
    status: 'finished',
    series: readSeries(library, id, -1),
    rhoHats: [...readRhoHats(library, id)],
  }
}

describe('a dataset without its patches', () => {
  test('is known by its hash and takes no room', async () => {
    const library = makeLibrary()
    const id = await insertDatasetCard(library, { ...makeDraft(), hash })
    expect(getDataset(library, id)).toMatchObject({ name: 'photos', hash, sizeBytes: 0, patches: 6 })
    expect(library.blobs.has(hash)).toBe(false)
    expect(() => patchesFile(library, id)).toThrow(/"photos" came without its patches/)
    removeDataset(library, id)
    expect(listDatasets(library)).toEqual([])
  })

  test('is found by what is in it, the one with patches first', async () => {
    const library = makeLibrary()
    const whole = await makeDataset(library)
    const patches = getDataset(library, whole)
    await insertDatasetCard(library, { ...makeDraft(), hash: patches.hash })
    expect(findDatasetByHash(library, patches)?.id).toBe(whole)
    expect(findDatasetByHash(library, { ...patches, patchSize: null })).toBeNull()
    expect(findDatasetByHash(library, { ...patches, hash })).toBeNull()
  })

  test('gives its runs and its name to the whole one', async () => {
    const library = makeLibrary()
    const whole = await makeDataset(library, { name: 'whole' })
    const card = await insertDatasetCard(library, { ...makeDraft(), hash: getDataset(library, whole).hash })
    const other = await insertDatasetCard(library, { ...makeDraft(), hash })
    const runId = restoreRun(library, card, hash, await keptRun())
    expect(() => completeDataset(library, other, whole)).toThrow(/does not hold the patches/)
    completeDataset(library, card, whole)
    expect(getRun(library, runId).datasetId).toBe(whole)
    expect(listDatasets(library).map(({ id, name }) => [id, name])).toEqual([
      [other, 'photos 2'],
      [whole, 'photos'],
    ])
  })
})

describe('a run that was carried out elsewhere', () => {
  test('has its record, and the summary that lists show', async () => {
    const library = makeLibrary()
    const kept = await keptRun()
    const datasetId = await insertDatasetCard(library, { ...makeDraft(), hash })
    const id = restoreRun(library, datasetId, hash, kept)
    expect(getRun(library, id)).toMatchObject({
      name: 'edges',
      status: 'finished',
      tags: ['best'],
      datasetHash: hash,
      iterations: 2,
      cost: makeRecord(2).cost,
      evaluations: 5,
      hasCheckpoint: false,
    })
    expect(readSeries(library, id, -1)).toEqual(kept.series)
    expect([...readRhoHats(library, id)]).toEqual(kept.rhoHats)
  })

  test('leaves nothing where it is refused', async () => {
    const library = makeLibrary()
    const datasetId = await insertDatasetCard(library, { ...makeDraft(), hash })
    const kept = await keptRun()
    expect(() => restoreRun(library, datasetId, hash, { ...kept, tags: ['x'.repeat(99)] })).toThrow(/tag/)
    expect(getDataset(library, datasetId).runs).toBe(0)
  })
})

test('ρ̂ is read page by page, all of it and in order', async () => {
  const library = makeLibrary()
  const id = await makeRun(library, { iterations: 7 })
  for (const pageLength of [1, 3, 7, 100]) {
    const read = [...readRhoHats(library, id, pageLength)]
    expect(read.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(read[6].rhoHat).toEqual(makeRecord(6).rhoHat)
  }
})
