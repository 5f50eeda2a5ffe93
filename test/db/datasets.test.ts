import Database from 'better-sqlite3'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrate } from '#db/migrate.ts'
import { migrations } from '#db/migrations/index.ts'
import {
  findDataset,
  getDataset,
  insertDataset,
  listDatasets,
  listRunsOf,
  patchesFile,
  readPatches,
  readWhitening,
  removeDataset,
  renameDataset,
  setDatasetNotes,
} from '#db/queries/datasets.ts'
import { readFileSync, rmSync, statSync, truncateSync, utimesSync } from 'node:fs'
import { removeUnusedBlobs } from '#db/blobRows.ts'
import { removeRuns } from '#db/queries/runs.ts'
import { libraryUsage } from '#db/queries/usage.ts'
import { makeDataset, makeDraft, makeFolder, makeLibrary, makeRun } from './makeLibrary.ts'

describe('a dataset that was stored', () => {
  test('comes back whole', async () => {
    const library = makeLibrary()
    const draft = makeDraft()
    const id = await insertDataset(library, draft)
    const detail = getDataset(library, id)
    expect(detail).toMatchObject({
      id,
      name: 'photos',
      kind: 'images',
      patches: 6,
      visible: 4,
      patchSize: 2,
      channels: 1,
      normalisation: draft.normalisation,
      seed: 1,
      sizeBytes: 6 * 4 * 4,
      images: 1,
      skipped: 1,
      runs: 0,
      origin: '/home/ada/photos',
      statistics: draft.statistics,
      skippedFiles: draft.skippedFiles,
      preview: draft.preview,
    })
    expect(detail.imagesList).toEqual([{ index: 0, ...draft.images[0] }])
    expect(Date.parse(detail.createdAt)).toBeGreaterThan(0)
    expect(readPatches(library, id)).toEqual(draft.patches)
    expect(readWhitening(library, id)).toBeNull()
  })

  test('keeps its patches as the file that sessions read: float32, little-endian', async () => {
    const library = makeLibrary()
    const draft = makeDraft()
    const id = await insertDataset(library, draft)
    const bytes = readFileSync(patchesFile(library, id).path)
    expect(bytes.readFloatLE(4)).toBe(draft.patches[1])
    expect(library.blobs.verify(getDataset(library, id).hash)).toBe(true)
  })

  test('keeps whitening, positions and arrays without a preview before', async () => {
    const library = makeLibrary()
    const whitening = Float32Array.from({ length: 16 }, (_, i) => i / 16)
    const preview = { count: 1, before: null, after: new Float32Array(4) }
    const id = await makeDataset(library, { whitening, preview, images: [], skippedFiles: [], kind: 'array' })
    expect(readWhitening(library, id)).toEqual({ matrix: whitening, mean: null })
    expect(getDataset(library, id)).toMatchObject({ preview, imagesList: [], skippedFiles: [] })
    const positions =
      library.db.prepare<[], string>('SELECT positions_hash FROM datasets').pluck().get() ?? ''
    expect(new Int32Array(library.blobs.read(positions).buffer)).toEqual(makeDraft().positions)
  })

  test('gets a name of its own', async () => {
    const library = makeLibrary()
    for (let k = 0; k < 3; k++) await makeDataset(library, { name: ' dunes ' })
    expect(listDatasets(library).map(({ name }) => name)).toEqual(['dunes 3', 'dunes 2', 'dunes'])
  })

  test('is refused, and leaves nothing, when its patches are not m × n', async () => {
    const library = makeLibrary()
    await expect(makeDataset(library, { patches: new Float32Array(23) })).rejects.toMatchObject({
      code: 'shape',
    })
    await expect(makeDataset(library, { name: '  ' })).rejects.toMatchObject({ code: 'badInput' })
    expect(library.blobs.list()).toEqual([])
  })

  test('takes its blobs back when its rows cannot be written', async () => {
    const library = makeLibrary()
    const draft = makeDraft()
    const broken = { ...draft, images: [{ ...draft.images[0], width: 'wide' as unknown as number }] }
    await expect(insertDataset(library, broken)).rejects.toThrow(/dataset_images\.width/)
    expect(listDatasets(library)).toEqual([])
    expect(library.blobs.list()).toEqual([])
  })
})

describe('finding a dataset', () => {
  test('takes the number first, then the name, then the name in other letter case', async () => {
    const library = makeLibrary()
    const first = await makeDataset(library, { name: 'Photos' })
    const second = await makeDataset(library, { name: 'photos' })
    const third = await makeDataset(library, { name: '1' })
    expect(findDataset(library, '1').id).toBe(first)
    expect(findDataset(library, 'photos').id).toBe(second)
    expect(findDataset(library, 'Photos').id).toBe(first)
    expect(() => findDataset(library, 'PHOTOS')).toThrow(/no dataset "PHOTOS"/)
    renameDataset(library, second, 'noise')
    expect(findDataset(library, 'PHOTOS').id).toBe(first)
    expect(findDataset(library, String(third)).id).toBe(third)
  })

  test('names what there is', async () => {
    const library = makeLibrary()
    expect(() => findDataset(library, 'x')).toThrow(/none yet.*import or generate/)
    await makeDataset(library)
    expect(() => findDataset(library, 'x')).toThrow(/There are 1 "photos"/)
    expect(() => getDataset(library, 7)).toThrow(expect.objectContaining({ code: 'notFound' }))
    expect(() => readWhitening(library, 7)).toThrow(expect.objectContaining({ code: 'notFound' }))
  })
})

describe('renaming and removing', () => {
  test('refuses a name that is taken or blank', async () => {
    const library = makeLibrary()
    const id = await makeDataset(library, { name: 'a' })
    await makeDataset(library, { name: 'b' })
    expect(() => renameDataset(library, id, 'b')).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => renameDataset(library, id, ' ')).toThrow(expect.objectContaining({ code: 'badInput' }))
    expect(() => renameDataset(library, 9, 'c')).toThrow(expect.objectContaining({ code: 'notFound' }))
    expect(renameDataset(library, id, 'a').name).toBe('a')
    expect(renameDataset(library, id, ' c ').name).toBe('c')
  })

  test('refuses to remove what runs use, and says how many', async () => {
    const library = makeLibrary()
    const id = await makeDataset(library)
    const runs = [await makeRun(library, { datasetId: id }), await makeRun(library, { datasetId: id })]
    expect(getDataset(library, id).runs).toBe(2)
    expect(() => removeDataset(library, id)).toThrow(
      '2 runs use the dataset "photos": 2 "edges", 1 "edges". Remove them first.',
    )
    expect(listRunsOf(library, id)).toEqual([
      { id: 2, name: 'edges', status: 'queued' },
      { id: 1, name: 'edges', status: 'queued' },
    ])
    removeRuns(library, runs)
    removeDataset(library, id)
    expect(listDatasets(library)).toEqual([])
    expect(library.blobs.list()).toEqual([])
    expect(library.db.prepare('SELECT count(*) FROM dataset_images').pluck().get()).toBe(0)
  })

  test('keeps blobs that another dataset has too', async () => {
    const library = makeLibrary()
    const [first, second] = [await makeDataset(library), await makeDataset(library)]
    removeDataset(library, first)
    expect(readPatches(library, second)).toEqual(makeDraft().patches)
    removeDataset(library, second)
    expect(library.blobs.list()).toEqual([])
  })
})

test('damaged patches are told, not trained on', async () => {
  const library = makeLibrary()
  const id = await makeDataset(library)
  truncateSync(patchesFile(library, id).path, 50)
  expect(() => readPatches(library, id)).toThrow(/patches of dataset 1 "photos" are damaged/)
  rmSync(patchesFile(library, id).path)
  expect(() => readPatches(library, id)).toThrow(/patches of dataset 1 "photos" are missing/)
})

describe('what is told of a dataset', () => {
  test('notes are kept, and a dataset without them has none', async () => {
    const library = makeLibrary()
    const id = await makeDataset(library)
    expect(getDataset(library, id).notes).toBe('')
    setDatasetNotes(library, id, 'Taken in May.\nρ̂ is low.')
    expect(getDataset(library, id).notes).toBe('Taken in May.\nρ̂ is low.')
    expect(() => setDatasetNotes(library, 9, '')).toThrow(expect.objectContaining({ code: 'notFound' }))
    expect(() => listRunsOf(library, 9)).toThrow(expect.objectContaining({ code: 'notFound' }))
  })

  test('its recipe and what it was derived from', async () => {
    const library = makeLibrary()
    const first = await makeDataset(library)
    const recipe = {
      source: { kind: 'folder', path: '/home/ada/photos' },
      sampling: { patchSize: 2, patches: 6, channels: 1, normalisation: { kind: 'mean' }, seed: 1 },
    } as const
    const second = await makeDataset(library, { name: 'b', recipe, derivedFrom: first })
    expect(getDataset(library, second)).toMatchObject({ recipe, derivedFrom: { id: first, name: 'photos' } })
    expect(getDataset(library, first)).toMatchObject({ recipe: null, derivedFrom: null })
    // Removed while the third was made.
    removeDataset(library, first)
    expect(getDataset(library, second).derivedFrom).toBeNull()
    const third = await makeDataset(library, { name: 'c', recipe, derivedFrom: first })
    expect(getDataset(library, third)).toMatchObject({ recipe, derivedFrom: null })
  })

  test('what it takes on disk: all of its blobs and thumbnails', async () => {
    const library = makeLibrary()
    const whitening = new Float32Array(16)
    const id = await makeDataset(library, { whitening })
    const files = library.blobs.list().map((hash) => statSync(library.blobs.path(hash)).size)
    expect(getDataset(library, id).storedBytes).toBe(files.reduce((a, b) => a + b) + 4)
  })

  test('what the library takes, and what a clean up frees', async () => {
    const library = makeLibrary()
    const id = await makeDataset(library)
    const used = library.blobs.list().reduce((sum, hash) => sum + library.blobs.sizeBytes(hash), 0)
    expect(libraryUsage(library)).toMatchObject({ blobBytes: used, unusedBytes: 0 })
    expect(libraryUsage(library).databaseBytes).toBeGreaterThan(4096)
    const { hash } = await library.blobs.write(new Uint8Array(1000))
    expect(libraryUsage(library)).toMatchObject({ blobBytes: used + 1000, unusedBytes: 1000 })
    // It may belong to an import that is under way.
    expect(removeUnusedBlobs(library, new Date())).toEqual({ blobs: 0, freedBytes: 0 })
    const old = new Date(Date.now() - 2 * 60 * 60 * 1000)
    utimesSync(library.blobs.path(hash), old, old)
    expect(removeUnusedBlobs(library, new Date())).toEqual({ blobs: 1, freedBytes: 1000 })
    expect(libraryUsage(library)).toMatchObject({ blobBytes: used, unusedBytes: 0 })
    expect(readPatches(library, id)).toEqual(makeDraft().patches)
  })
})

test('a dataset of a library of version 2 has no notes, no recipe and no parent, and can be given notes', () => {
  const folder = makeFolder()
  const old = new Database(path.join(folder, 'library.sqlite'))
  migrate(old, 'library.sqlite', '0.1.0', migrations.slice(0, 2))
  old.exec(`INSERT INTO datasets VALUES
    (1, 'photos', 'images', '', 6, 4, 2, 1, '{"kind":"none"}', 1, 'h', 0, 0, 0, '/p', NULL, NULL, 0, NULL, 'p', '{}')`)
  old.close()
  const library = makeLibrary(folder)
  const row = library.db.prepare('SELECT remarks, recipe, derived_from FROM datasets').get()
  expect(row).toEqual({ remarks: '', recipe: null, derived_from: null })
  expect(listDatasets(library)).toMatchObject([{ id: 1, name: 'photos', origin: '/p' }])
  setDatasetNotes(library, 1, 'old')
  expect(library.db.prepare('SELECT remarks FROM datasets').pluck().get()).toBe('old')
})
