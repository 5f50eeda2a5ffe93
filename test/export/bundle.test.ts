import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { unzipSync, zipSync, type Zippable } from 'fflate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { readCheckpoint, writeCheckpoint } from '#db/queries/checkpoints.ts'
import { getDataset, listDatasets, readPatches, setDatasetNotes } from '#db/queries/datasets.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { getRun, insertRun, listRuns, queueRun, setEngine, setNotes } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { readBundle } from '#main/export/bundle/readBundle.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { parseNpz } from '#main/export/parseNpz.ts'
import { encodeCheckpoint } from '#main/session/checkpoint.ts'
import { LabError } from '#shared/domain/labError.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'

/** A library with one stopped run of all that a run can have. */
async function trainedLibrary() {
  const library = makeLibrary()
  const whitening = Float32Array.from({ length: 16 }, (_, i) => i / 16)
  const datasetId = await makeDataset(library, { whitening })
  const id = await makeRun(library, {
    datasetId,
    name: 'edges λ',
    preset: 'edges',
    tags: ['best'],
    iterations: 4,
    snapshots: [0, 3],
    status: 'stopped',
    config: { rho: 0.02 },
  })
  setNotes(library, id, 'Looks fine.')
  setDatasetNotes(library, datasetId, 'From the garden.')
  setEngine(
    library,
    id,
    { engine: 'onnx', backend: 'ONNX Runtime', device: 'CPU', precision: 'float32', reason: 'It is here.' },
    { 'onnxruntime-node': '1.30.0' },
  )
  await writeCheckpoint(library, id, 3, encodeCheckpoint({ step: 3, theta: Float64Array.of(1, 2) }))
  return { library, id, datasetId }
}

async function bundled(options: { patches?: boolean } = {}) {
  const from = await trainedLibrary()
  const file = await writeBundle(from.library, [from.id], path.join(makeFolder(), 'runs.rholab'), options)
  return { ...from, file }
}

/** What a run is, apart from the numbers that a library gives it. */
const essence = (library: Library, id: number) => {
  const { id: _, datasetId: __, hasCheckpoint: ___, checkpointIteration: ____, ...run } = getRun(library, id)
  return {
    run,
    series: readSeries(library, id, -1),
    rhoHats: [...readRhoHats(library, id)],
    snapshots: run.snapshots.map(({ iteration }) => readSnapshot(library, id, iteration)),
  }
}

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

  test('finds its dataset in the library by what is in it, whatever its name', async () => {
    const { file } = await bundled({ patches: true })
    const other = makeLibrary()
    const own = await makeDataset(other, { name: 'my photos' })
    const { datasets } = await readBundle(other, file)
    expect(datasets).toEqual([{ id: own, isNew: false, hasPatches: true }])
    expect(listDatasets(other)).toHaveLength(1)
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
    expect(parseNpz(files['runs/0/weights.npz'], 'w').weights).toEqual(readSnapshot(library, id, 3)?.weights)
    const again = await writeBundle(library, [id], path.join(makeFolder(), 'again.rholab'), { patches: true })
    expect(readFileSync(again).equals(readFileSync(file))).toBe(true)
  })
})

describe('a bundle that is not what it says', () => {
  interface Manifest {
    version: number
    files: Record<string, { sizeBytes: number; sha256: string }>
    runs: Record<string, unknown>[]
    datasets: Record<string, unknown>[]
  }

  /** The bundle's files with changes, in an archive whose manifest has the changed files' sizes and hashes. */
  async function tampered(
    change: (files: Record<string, Uint8Array>, manifest: Manifest) => void,
    { honest = true, deflated = [] as string[] } = {},
  ): Promise<string> {
    const { file } = await bundled({ patches: true })
    const files = unzipSync(readFileSync(file))
    const manifest = JSON.parse(Buffer.from(files['manifest.json']).toString()) as Manifest
    change(files, manifest)
    if (honest) {
      for (const [name, bytes] of Object.entries(files)) {
        if (name === 'manifest.json' || !(name in manifest.files)) continue
        manifest.files[name] = {
          sizeBytes: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
        }
      }
    }
    files['manifest.json'] = Buffer.from(JSON.stringify(manifest))
    const zippable: Zippable = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [
        name,
        [bytes, { level: deflated.includes(name) ? 9 : 0 }],
      ]),
    )
    writeFileSync(file, zipSync(zippable))
    return file
  }

  async function expectRefused(file: string, message: RegExp): Promise<void> {
    const library = makeLibrary()
    const error: unknown = await readBundle(library, file).then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(LabError)
    expect((error as LabError).message).toMatch(message)
    expect((error as LabError).code).toBe('badInput')
    expect([listRuns(library), listDatasets(library), library.blobs.list()]).toEqual([[], [], []])
  }

  const npy = 'runs/0/snapshots/3.npy'

  test.each<[string, Parameters<typeof tampered>[0], Parameters<typeof tampered>[1], RegExp]>([
    ['a weight has changed', (files) => void (files[npy][200] ^= 1), { honest: false }, /is damaged/],
    ['a file is missing', (files) => delete files[npy], { honest: false }, /is damaged/],
    [
      'a file is not listed',
      (files) => void (files['runs/0/extra.npy'] = Buffer.from('x')),
      {},
      /is damaged/,
    ],
    [
      'a listed file leads out of the folder',
      (files, manifest) => {
        manifest.files['../../evil.npy'] = manifest.files[npy]
        files['../../evil.npy'] = files[npy]
      },
      {},
      /is damaged/,
    ],
    ['a file is packed, as a bomb must be', () => {}, { deflated: [npy] }, /is damaged/],
    ['it is of a newer version', (_, manifest) => void (manifest.version = 2), {}, /newer Rho Lab\. Update/],
    [
      'its settings are none',
      (_, manifest) => void (manifest.runs[0]['config'] = { rho: 7 }),
      {},
      /is damaged/,
    ],
    [
      'a run belongs to no dataset',
      (_, manifest) => void (manifest.runs[0]['dataset'] = 1),
      {},
      /is damaged/,
    ],
    ['weights are of another size', (files) => void (files[npy] = files[npy].slice(0, -4)), {}, /is damaged/],
    [
      'a dataset of 2⁶⁰ patches',
      (_, manifest) => void (manifest.datasets[0]['patches'] = 2 ** 60),
      {},
      /is damaged/,
    ],
    [
      'patches that are not those of the hash',
      (files) => void (files['datasets/0/patches.npy'][130] ^= 1),
      {},
      /is damaged/,
    ],
    [
      'iterations that run backwards',
      (files) => void files['runs/0/metrics.npy'].copyWithin(128 + 120, 128, 128 + 120),
      {},
      /is damaged/,
    ],
    [
      'a checkpoint that is none',
      (files) => void (files['runs/0/checkpoint.bin'] = Buffer.from('none')),
      {},
      /checkpoint is damaged/,
    ],
  ])('is refused whole where %s', async (_, change, options, message) => {
    await expectRefused(await tampered(change, options), message)
  })

  test('is refused where it is cut, text, an .npz, a folder or not there', async () => {
    const { library, id, file } = await bundled()
    const whole = readFileSync(file)
    for (const length of [0, 10, 1000, whole.length - 100, whole.length - 1]) {
      writeFileSync(file, whole.subarray(0, length))
      await expectRefused(file, /not a Rho Lab bundle|is damaged/)
    }
    writeFileSync(file, zipSync({ 'W1.npy': Buffer.from('x') }))
    await expectRefused(file, /runs\.rholab is not a Rho Lab bundle\. Give a file that "lab bundle" wrote\./)
    await expectRefused(path.dirname(file), /is not a file/)
    await expectRefused(path.join(path.dirname(file), 'no'), /cannot be opened/)
    expect(getRun(library, id).name).toBe('edges λ')
  })

  test('with the same name twice is refused', async () => {
    const { file } = await bundled()
    const bytes = readFileSync(file)
    for (let at = bytes.indexOf('snapshots/3.npy'); at >= 0; at = bytes.indexOf('snapshots/3.npy', at + 1)) {
      bytes.write('snapshots/0.npy', at)
    }
    writeFileSync(file, bytes)
    await expectRefused(file, /is damaged/)
  })

  test('with entries that lie over each other, to be larger together than the file, is refused', async () => {
    const { file } = await bundled()
    const bytes = readFileSync(file)
    const end = bytes.length - 22
    const directory = bytes.readUInt32LE(end + 16)
    let first = -1
    for (let at = directory; at < end;) {
      // Every entry's bytes are now those of the first one.
      if (first < 0) first = bytes.readUInt32LE(at + 42)
      bytes.writeUInt32LE(first, at + 42)
      at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
    }
    writeFileSync(file, bytes)
    await expectRefused(file, /is damaged/)
  })

  test('is refused or the same as it was, whichever bytes are changed', async () => {
    const { library, id, file } = await bundled({ patches: true })
    const whole = readFileSync(file)
    const right = essence(library, id)
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, by] of changes) bytes[at] ^= by
        writeFileSync(file, bytes)
        const other = makeLibrary()
        try {
          const { runIds } = await readBundle(other, file)
          expect(essence(other, runIds[0])).toEqual(right)
        } catch (error) {
          if (!(error instanceof LabError)) throw error
          expect(listRuns(other)).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test('is not left half written where its run has gone', async () => {
    const { library } = await trainedLibrary()
    const file = path.join(makeFolder(), 'r.rholab')
    await expect(writeBundle(library, [99], file)).rejects.toMatchObject({ code: 'notFound' })
    expect(() => statSync(file)).toThrow()
  })
})
