import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { readCheckpoint } from '#db/queries/checkpoints.ts'
import { getDataset, listDatasets, readLabels, readPatches } from '#db/queries/datasets.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun, insertRun, queueRun } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { openBundle } from '#main/export/bundle/openBundle.ts'
import { readBundle } from '#main/export/bundle/readBundle.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { parseNpz } from '#main/export/parseNpz.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'
import { trainedLibrary, bundled, essence } from './bundledRun.ts'
import { thorough } from '../thorough.ts'

describe('a bundle', () => {
  test('gives a run to another library as it was: settings, record, weights, notes', async () => {
    const { library, id, file } = await bundled()
    const other = makeLibrary()
    await makeRun(other, { name: 'theirs', datasetId: await makeDataset(other, { name: 'dunes', m: 5 }) })
    const { runIds, datasets } = await readBundle(other, file)
    expect(runIds).toEqual([2])
    expect(essence(other, runIds[0])).toEqual(essence(library, id))
    expect(datasets).toEqual([{ id: 2, isNew: true, hasPatches: false }])
  })

  test('without patches gives a card of the dataset: to look at, not to train on', async () => {
    const { library, datasetId, file } = await bundled()
    const other = makeLibrary()
    const { runIds, datasets } = await readBundle(other, file)
    const card = getDataset(other, datasets[0].id)
    const whole = getDataset(library, datasetId)
    expect(card).toMatchObject({
      name: 'photos',
      hash: whole.hash,
      patches: 6,
      sizeBytes: 0,
      runs: 1,
      notes: 'From the garden.',
      statistics: whole.statistics,
      preview: whole.preview,
      skippedFiles: whole.skippedFiles,
    })
    expect(card.imagesList).toMatchObject([{ file: 'dune.jpg', width: 640, thumbnail: null }])
    const refusal = /The dataset "photos" came without its patches\. Open a bundle that has them/
    expect(() => readPatches(other, card.id)).toThrow(refusal)
    expect(() => queueRun(other, runIds[0], 'somebody', momentNow())).toThrow(refusal)
    const another = { name: '', preset: null, tags: [], appVersion: '', machine: '', config: defaultConfig }
    expect(() => insertRun(other, { ...another, datasetId: card.id })).toThrow(refusal)
    // The record of the run is not lost by trying.
    expect(readSeries(other, runIds[0], -1).count).toBe(4)
  })

  test('with patches gives the whole dataset, and a stopped run can go on', async () => {
    const { library, id, datasetId, file } = await bundled({ patches: true })
    const other = makeLibrary()
    const { runIds, datasets } = await readBundle(other, file)
    const { createdAt: _, id: __, ...restored } = getDataset(other, datasets[0].id)
    const { createdAt: ___, id: ____, ...original } = getDataset(library, datasetId)
    expect(restored).toEqual(original)
    expect(readPatches(other, datasets[0].id)).toEqual(readPatches(library, datasetId))
    expect(readPositions(other, datasets[0].id)).toEqual(readPositions(library, datasetId))
    expect(readCheckpoint(other, runIds[0])).toEqual(readCheckpoint(library, id))
    queueRun(other, runIds[0], 'somebody', momentNow())
  })

  test('with patches gives their labels, the names of columns and what was said on importing', async () => {
    const library = makeLibrary()
    const labels = { classes: ['cat', 'dog'], indices: Int32Array.of(0, 1, 1, 0, 1, 1) }
    const described = { labels, columnNames: ['a', 'b', 'c', 'd'], remarks: ['Bytes were scaled.'] }
    const datasetId = await makeDataset(library, described)
    const id = await makeRun(library, { datasetId })
    const file = path.join(makeFolder(), 'labelled.rholab')
    await writeBundle(library, [id], file, { patches: true })
    const other = makeLibrary()
    const restored = (await readBundle(other, file)).datasets[0].id
    expect(readLabels(other, restored)).toEqual(labels)
    expect(getDataset(other, restored)).toMatchObject({
      labels: {
        classes: [
          { name: 'cat', count: 2 },
          { name: 'dog', count: 4 },
        ],
      },
      columnNames: ['a', 'b', 'c', 'd'],
      importRemarks: ['Bytes were scaled.'],
    })
  })

  test('finds its dataset in the library by what is in it, whatever its name', async () => {
    const { file } = await bundled({ patches: true })
    const other = makeLibrary()
    const own = await makeDataset(other, { name: 'my photos' })
    const { datasets } = await readBundle(other, file)
    expect(datasets).toEqual([{ id: own, isNew: false, hasPatches: true }])
    expect(listDatasets(other)).toHaveLength(1)
  })

  test('puts back the patches that the library has damaged or lost', async () => {
    const { library, datasetId, file } = await bundled({ patches: true })
    const { hash } = getDataset(library, datasetId)
    const blobs = library.blobs.list().toSorted()
    const whole = readPatches(library, datasetId)
    for (const harm of [
      () => writeFileSync(library.blobs.path(hash), 'x'),
      () => library.blobs.remove(hash),
    ]) {
      harm()
      expect(() => readPatches(library, datasetId)).toThrow(/or open a bundle that has it/)
      await readBundle(library, file)
      expect(readPatches(library, datasetId)).toEqual(whole)
    }
    expect(library.blobs.list().toSorted()).toEqual(blobs)
  })

  test('brings the patches that an earlier one left out', async () => {
    const { library, id, file } = await bundled()
    const other = makeLibrary()
    const first = await readBundle(other, file)
    const whole = await writeBundle(library, [id], path.join(makeFolder(), 'whole.rholab'), { patches: true })
    const second = await readBundle(other, whole)
    const [dataset, ...rest] = listDatasets(other)
    expect(rest).toEqual([])
    expect(dataset).toMatchObject({ name: 'photos', runs: 2, sizeBytes: 96 })
    for (const runId of [...first.runIds, ...second.runIds]) {
      expect(getRun(other, runId).datasetId).toBe(dataset.id)
    }
    queueRun(other, first.runIds[0], 'somebody', momentNow())
  })

  test('of several runs holds their dataset once', async () => {
    const { library, id, datasetId } = await trainedLibrary()
    const running = await makeRun(library, { datasetId, name: 'live', iterations: 2, status: 'running' })
    const elsewhere = await makeRun(library, {
      datasetId: await makeDataset(library, { n: 5, patchSize: null, images: [], positions: null }),
      config: { hidden: 7, activation: 'tanh' },
      snapshots: [2],
    })
    const file = await writeBundle(library, [elsewhere, id, running], path.join(makeFolder(), 'r.rholab'), {
      patches: true,
    })
    const other = makeLibrary()
    const { runIds, datasets } = await readBundle(other, file)
    expect(runIds.map((runId) => getRun(other, runId).name)).toEqual(['edges', 'edges λ', 'live'])
    expect(datasets).toHaveLength(2)
    expect(essence(other, runIds[0]).snapshots).toEqual(essence(library, elsewhere).snapshots)
    // Nobody carries it out here.
    expect(getRun(other, runIds[2]).status).toBe('stopped')
  })

  test('holds what is equal once, and gives it to each run', async () => {
    const { library, id, datasetId } = await trainedLibrary()
    const alone = await writeBundle(library, [id], path.join(makeFolder(), 'one.rholab'))
    const runs = [id]
    for (let k = 0; k < 5; k++) {
      const twin = { datasetId, iterations: 4, snapshots: [0, 3], status: 'stopped' as const }
      runs.push(await makeRun(library, { ...twin, config: { rho: 0.02 } }))
    }
    const file = await writeBundle(library, runs, path.join(makeFolder(), 'six.rholab'))
    expect(Object.keys(unzipSync(readFileSync(file))).filter((name) => name.includes('/snapshots/'))).toEqual(
      ['runs/0/snapshots/0.npy', 'runs/0/snapshots/3.npy'],
    )
    expect(readFileSync(file).length).toBeLessThan(2 * readFileSync(alone).length)
    const other = makeLibrary()
    const { runIds } = await readBundle(other, file)
    for (const [k, runId] of runIds.entries()) {
      expect(essence(other, runId).snapshots).toEqual(essence(library, runs[k]).snapshots)
    }
  })

  test('of version 1, in which all lies twice, is opened as before', async () => {
    const { library, id, file } = await bundled({ patches: true })
    const files = unzipSync(readFileSync(file))
    const manifest = JSON.parse(Buffer.from(files['manifest.json']).toString()) as Record<string, unknown>
    files['manifest.json'] = Buffer.from(JSON.stringify({ ...manifest, version: 1 }))
    writeFileSync(file, zipSync(files, { level: 0 }))
    const other = makeLibrary()
    const { runIds } = await readBundle(other, file)
    expect(essence(other, runIds[0])).toEqual(essence(library, id))
  })

  test.runIf(thorough)(
    'of more than 65,535 files is written and opened again',
    async () => {
      const library = makeLibrary()
      const datasetId = await makeDataset(library, { m: 2, n: 1, patchSize: 1, images: [], positions: null })
      const count = 66_000
      const id = await makeRun(library, { datasetId, config: { hidden: 1 }, status: 'finished' })
      const insert = library.db.prepare('INSERT INTO snapshots VALUES (?, ?, ?, ?)')
      library.db.transaction(() => {
        for (let iteration = 0; iteration < count; iteration++) {
          const theta = Buffer.from(Float32Array.of(iteration, 1, 2, 3).buffer)
          const hash = createHash('sha256').update(theta).digest('hex')
          writeFileSync(library.blobs.path(hash), theta)
          insert.run(id, iteration, hash, Buffer.alloc(4))
        }
      })()
      const file = await writeBundle(library, [id], path.join(makeFolder(), 'large.rholab'))
      const bundle = await openBundle(file)
      expect(bundle.manifest.runs[0].snapshots).toHaveLength(count)
      expect(Object.keys(bundle.manifest.files).length).toBeGreaterThan(65_535)
      expect([...bundle.float32(`runs/0/snapshots/${count - 1}.npy`, [4])]).toEqual([count - 1, 1, 2, 3])
      bundle.close()
    },
    300_000,
  )

  test('holds arrays and weights that NumPy reads, and is the same bytes each time', async () => {
    const { library, id, file } = await bundled({ patches: true })
    const files = unzipSync(readFileSync(file))
    expect(Object.keys(files).sort()).toEqual([
      'datasets/0/patches.npy',
      'datasets/0/positions.npy',
      'datasets/0/previewAfter.npy',
      'datasets/0/previewBefore.npy',
      'datasets/0/thumbnails.bin',
      'datasets/0/whitening.npy',
      'manifest.json',
      'runs/0/checkpoint.bin',
      'runs/0/metrics.npy',
      'runs/0/rhoHat.npy',
      'runs/0/rhoHatIterations.npy',
      'runs/0/snapshotRhoHat.npy',
      'runs/0/snapshots/0.npy',
      'runs/0/snapshots/3.npy',
      'runs/0/weights.npz',
    ])
    const exported = await parseNpz(files['runs/0/weights.npz'], 'w')
    expect(exported.weights).toEqual(readSnapshot(library, id, 3)?.weights)
    const again = await writeBundle(library, [id], path.join(makeFolder(), 'again.rholab'), { patches: true })
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true)
  })
})
