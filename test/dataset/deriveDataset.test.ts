import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLibrary, type Library } from '#db/library.ts'
import { getDataset, readPatches, removeDataset } from '#db/queries/datasets.ts'
import { deriveJob, recipeOf } from '#main/dataset/deriveDataset.ts'
import { derivedName } from '#shared/domain/derivedName.ts'
import { runDatasetJob, type DatasetJob } from '#main/dataset/runDatasetJob.ts'
import { defaultSampling, type Sampling } from '#shared/domain/dataset.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures')
const sampling: Sampling = { ...defaultSampling, patches: 300 }

let folder: string
let library: Library
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-derive-'))
  library = openLibrary(path.join(folder, 'library'))
})
afterEach(async () => {
  library.close()
  await rm(folder, { recursive: true })
})

const derive = async (id: number, changes: Partial<Sampling>) => {
  const dataset = getDataset(library, id)
  const job = await deriveJob(dataset, 'derived', { ...recipeOf(dataset).sampling, ...changes })
  return runDatasetJob(library, job)
}
/** The same dataset made in one go. */
const direct = async (job: DatasetJob) => readPatches(library, await runDatasetJob(library, job))

describe('a derived dataset', () => {
  const source = { kind: 'folder', path: path.join(fixtures, 'photos') } as const

  it('is the one that importing with the other settings would have made', async () => {
    const id = await runDatasetJob(library, { ...source, name: 'photos', sampling })
    const changes = { patchSize: 10, normalisation: { kind: 'zca', epsilon: 0.1 } } as const
    const derived = await derive(id, changes)
    expect(readPatches(library, derived)).toEqual(
      await direct({ ...source, name: 'x', sampling: { ...sampling, ...changes } }),
    )
    expect(getDataset(library, derived)).toMatchObject({
      name: 'derived',
      patchSize: 10,
      derivedFrom: { id, name: 'photos' },
      recipe: { source, sampling: { ...sampling, ...changes } },
    })
    removeDataset(library, id)
    expect(getDataset(library, derived).derivedFrom).toBeNull()
  })

  it('comes from a generator with its parameters', async () => {
    const bars = { kind: 'generate', generator: 'bars', parameters: { probability: 0.3 } } as const
    const id = await runDatasetJob(library, { ...bars, name: 'bars', sampling })
    const derived = await derive(id, { seed: 2 })
    expect(readPatches(library, derived)).toEqual(
      await direct({ ...bars, name: 'x', sampling: { ...sampling, seed: 2 } }),
    )
    expect(getDataset(library, derived).origin).toContain('each with probability 0.3, seed 2')
  })

  it('comes from the same array of a file', async () => {
    const mat = { kind: 'array', path: path.join(fixtures, 'arrays/IMAGES.mat'), array: 'IMAGES' } as const
    const id = await runDatasetJob(library, { ...mat, name: 'course', sampling })
    const derived = await derive(id, { patchSize: 6 })
    expect(getDataset(library, derived)).toMatchObject({ patchSize: 6, images: 10 })
    const matrix = { kind: 'array', path: path.join(fixtures, 'arrays/many.npz'), array: 'X' } as const
    const rows = await runDatasetJob(library, { ...matrix, name: 'rows', sampling })
    const mean = await derive(rows, { normalisation: { kind: 'mean' } })
    expect(getDataset(library, mean)).toMatchObject({
      patches: 12,
      visible: 9,
      normalisation: { kind: 'mean' },
    })
    await expect(derive(rows, { patchSize: 4 })).rejects.toThrow(
      'The dataset "rows" came as finished patches, which cannot be cut anew. Change its normalisation alone.',
    )
  })

  it('is refused in a sentence when the images are gone', async () => {
    const moved = path.join(folder, 'holiday')
    await cp(source.path, moved, { recursive: true })
    const id = await runDatasetJob(library, { kind: 'folder', path: moved, name: 'holiday', sampling })
    await rm(moved, { recursive: true })
    await expect(derive(id, { seed: 2 })).rejects.toMatchObject({
      code: 'notFound',
      message: `The dataset "holiday" cannot be made anew. Its images are no longer at ${moved}. Put them back there, or import them anew.`,
    })
    // A file in the folder's place is no folder.
    await writeFile(moved, '')
    await expect(derive(id, { seed: 2 })).rejects.toThrow('no longer at')
  })

  it('a dataset of Rho Lab 0.1, which noted no recipe, has the one that its row tells', async () => {
    const { streams: _, jpeg: _jpeg, pages: _pages, ...old } = sampling
    const id = await runDatasetJob(library, { ...source, name: 'photos', sampling: old })
    library.db.prepare('UPDATE datasets SET recipe = NULL').run()
    expect(getDataset(library, id).recipe).toBeNull()
    expect(recipeOf(getDataset(library, id))).toEqual({ source, sampling: old })
    expect(readPatches(library, await derive(id, {}))).toEqual(readPatches(library, id))
  })

  it('a recipe of a newer Rho Lab is none', async () => {
    const id = await runDatasetJob(library, { ...source, name: 'photos', sampling })
    library.db.prepare(`UPDATE datasets SET recipe = '{"source":{"kind":"camera"}}'`).run()
    expect(getDataset(library, id).recipe).toBeNull()
  })
})

it('the name says what differs', () => {
  const name = (changes: Partial<Sampling>) => derivedName('photos', sampling, { ...sampling, ...changes })
  expect(name({})).toBe('photos')
  expect(name({ patchSize: 10, channels: 3, normalisation: { kind: 'zca', epsilon: 0.1 } })).toBe(
    'photos 10×10 RGB zca',
  )
  expect(name({ patches: 50, seed: 7, unique: true, minContrast: 0.1 })).toBe(
    'photos 50 patches seed 7 unique contrast 0.1',
  )
})
