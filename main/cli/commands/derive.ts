import { findDataset, getDatasetToDerive } from '#db/queries/datasets.ts'
import { derivedName } from '#shared/domain/derivedName.ts'
import { deriveJob, recipeOf } from '#main/dataset/deriveDataset.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { labCommand } from '../command.ts'
import { datasetOutput, onImportProgress } from '../datasetOutput.ts'
import { withReader } from '../reader/openReader.ts'
import { addSamplingOptions, samplingFrom, type SamplingOptions } from '../samplingOptions.ts'

const same = "the dataset's own"

export const deriveCommand = addSamplingOptions(
  labCommand<SamplingOptions & { name?: string }>(
    'derive <dataset>',
    'make another dataset from the same images, file or generator: other patches, normalisation or seed',
    async ([what], options, context) => {
      const library = context.library()
      const dataset = getDatasetToDerive(library, findDataset(library, what).id)
      const before = recipeOf(dataset).sampling
      const sampling = samplingFrom(options, before.normalisation, before)
      const name = options.name ?? derivedName(dataset.name, before, sampling)
      const heard = { onProgress: onImportProgress(context.progress), signal: context.interrupted }
      const job = await deriveJob(dataset, name, sampling)
      const id = await withReader(heard, (reader) =>
        runDatasetJob(library, job, heard, (whole) => reader.run('makeDraft', whole)),
      )
      return datasetOutput(library, id)
    },
  ),
  { patch: same, patches: same, color: same, seed: same },
)
  .option('--name <name>', "the new dataset's name (default: the old one and what differs)")
  .option('--unique', 'count an image file once that is there twice, byte for byte')
