import path from 'node:path'
import type { Library } from '#db/library.ts'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { setDatasetNotes } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { readRhoHats } from '#db/queries/rhoHats.ts'
import { getRun, setEngine, setNotes } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import { encodeCheckpoint } from '#main/session/checkpoint.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'

/** A library with one stopped run of all that a run can have. */
export async function trainedLibrary() {
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

export async function bundled(options: { patches?: boolean } = {}) {
  const from = await trainedLibrary()
  const file = await writeBundle(from.library, [from.id], path.join(makeFolder(), 'runs.rholab'), options)
  return { ...from, file }
}

/** What a run is, apart from the numbers that a library gives it. */
export const essence = (library: Library, id: number) => {
  const { id: _, datasetId: __, hasCheckpoint: ___, checkpointIteration: ____, ...run } = getRun(library, id)
  return {
    run,
    series: readSeries(library, id, -1),
    rhoHats: [...readRhoHats(library, id)],
    snapshots: run.snapshots.map(({ iteration }) => readSnapshot(library, id, iteration)),
  }
}
