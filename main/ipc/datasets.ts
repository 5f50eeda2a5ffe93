import { z } from 'zod'
import { findDataset, getDataset, listDatasets, removeDataset, renameDataset } from '#db/queries/datasets.ts'
import type { DatasetSource } from '#main/dataset/runDatasetJob.ts'
import { generatorNames, samplingSchema, type Sampling } from '#shared/domain/dataset.ts'
import type { Handle } from './handle.ts'
import { id, name } from './schemas.ts'
import type { Services } from './services.ts'

export function handleDatasets(handle: Handle, { library, sources, imports, changed }: Services): void {
  const make = async (job: DatasetSource, name: string, sampling: Sampling) => {
    const datasetId = await imports.start(job, name, sampling)
    changed({ runs: false, datasets: true })
    return findDataset(library, String(datasetId))
  }

  handle('datasets.list', z.tuple([]), () => listDatasets(library))
  handle('datasets.get', z.tuple([id]), (datasetId) => getDataset(library, datasetId))
  handle('datasets.import', z.tuple([z.string().max(64), name, samplingSchema]), (token, name, sampling) =>
    make(sources.get(token), name, sampling),
  )
  handle(
    'datasets.generate',
    z.tuple([z.enum(generatorNames), name, samplingSchema]),
    (generator, name, sampling) => make({ kind: 'generate', generator }, name, sampling),
  )
  handle('datasets.cancel', z.tuple([]), () => imports.cancel())
  handle('datasets.rename', z.tuple([id, name]), (datasetId, name) => {
    const dataset = renameDataset(library, datasetId, name)
    // Runs show the name of their dataset.
    changed({ runs: true, datasets: true })
    return dataset
  })
  handle('datasets.remove', z.tuple([id]), (datasetId) => {
    removeDataset(library, datasetId)
    changed({ runs: false, datasets: true })
    return null
  })
}
