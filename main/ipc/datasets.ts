import { z } from 'zod'
import {
  findDataset,
  getDataset,
  getDatasetToDerive,
  listDatasets,
  readWhitening,
  removeDataset,
  renameDataset,
  setDatasetNotes,
} from '#db/queries/datasets.ts'
import { deriveJob } from '#main/dataset/deriveDataset.ts'
import type { JobSource } from '#main/dataset/runDatasetJob.ts'
import { generatorNames, samplingSchema, type Sampling } from '#shared/domain/dataset.ts'
import { arrayChoiceSchema } from '#shared/domain/datasetSource.ts'
import { generatorParametersSchema } from '#shared/domain/generators.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Handle } from './handle.ts'
import { id, name, token } from './schemas.ts'
import type { Services } from './services.ts'

const generator = z.enum(generatorNames)
const notes = z.string().max(100_000)

export function handleDatasets(
  handle: Handle,
  { library, sources, imports, analysis, changed }: Services,
): void {
  const make = async (job: JobSource, name: string, sampling: Sampling) => {
    const datasetId = await imports.start(job, name, sampling)
    changed({ runs: false, datasets: true })
    return findDataset(library, String(datasetId))
  }

  handle('datasets.list', z.tuple([]), () => listDatasets(library))
  handle('datasets.get', z.tuple([id]), (datasetId) => getDataset(library, datasetId))
  handle('datasets.whitening', z.tuple([id]), (datasetId) => readWhitening(library, datasetId))
  handle('datasets.look', z.tuple([token]), (token) => {
    const { kind, path } = sources.get(token)
    return kind === 'array' ? analysis.ask('lookAtFile', path) : null
  })
  handle(
    'datasets.import',
    z.tuple([token, name, samplingSchema, arrayChoiceSchema.optional()]),
    (token, name, sampling, choice) => {
      const { kind, path } = sources.get(token)
      if (kind === 'bundle') {
        throw new LabError('badInput', `${path} is a bundle of runs. Open it with File, Open bundle.`)
      }
      if (kind === 'weights') {
        throw new LabError('badInput', `${path} is a file of weights. Take it in with File, Import weights.`)
      }
      return make(kind === 'array' ? { kind, path, ...choice } : { kind, path }, name, sampling)
    },
  )
  handle(
    'datasets.generate',
    z.tuple([generator, name, samplingSchema, generatorParametersSchema.optional()]),
    (generator, name, sampling, parameters) =>
      make({ kind: 'generate', generator, ...(parameters && { parameters }) }, name, sampling),
  )
  handle(
    'datasets.preview',
    z.tuple([generator, samplingSchema, generatorParametersSchema.optional()]),
    (generator, sampling, parameters = {}) =>
      analysis.ask('generatorPreview', generator, sampling, parameters),
  )
  handle('datasets.derive', z.tuple([id, name, samplingSchema]), async (datasetId, name, sampling) =>
    make(await deriveJob(getDatasetToDerive(library, datasetId), name, sampling), name, sampling),
  )
  handle('datasets.cancel', z.tuple([]), () => imports.cancel())
  handle('datasets.rename', z.tuple([id, name]), (datasetId, name) => {
    const dataset = renameDataset(library, datasetId, name)
    // Runs show the name of their dataset.
    changed({ runs: true, datasets: true })
    return dataset
  })
  handle('datasets.setNotes', z.tuple([id, notes]), (datasetId, notes) => {
    setDatasetNotes(library, datasetId, notes)
    changed({ runs: false, datasets: true })
    return null
  })
  handle('datasets.remove', z.tuple([id]), (datasetId) => {
    removeDataset(library, datasetId)
    changed({ runs: false, datasets: true })
    return null
  })
}
