import { insertDataset } from '#db/queries/datasets.ts'
import type { Library } from '#db/library.ts'
import type { Sampling } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import type { DatasetSource } from '#shared/domain/datasetSource.ts'
import { generateDataset } from './generate/generateDataset.ts'
import { importArray } from './importArray.ts'
import { withImageLabels } from './imageLabels.ts'
import { importImages, type ImportOptions } from './importImages.ts'
import { stopIfAborted } from './stopIfAborted.ts'

export type JobSource = DatasetSource & {
  /** Id of the dataset that this one is derived from. */
  derivedFrom?: number
}

export type DatasetJob = JobSource & { name: string; sampling: Sampling }

/**
 * Imports or generates a dataset and stores it, with the recipe to make it again.
 * @param make  where that is done: here, or in a thread
 * @returns the dataset's id
 * @throws LabError; the library is then as it was
 */
export async function runDatasetJob(
  library: Library,
  job: DatasetJob,
  options: ImportOptions = {},
  make = makeDraft,
): Promise<number> {
  const draft = await make(job, options)
  stopIfAborted(options.signal)
  options.onProgress?.({ stage: 'writing', done: 0, total: 1, skipped: draft.skippedFiles.length })
  const { name: _name, sampling, derivedFrom, ...asked } = job
  const { resolved, ...whole } = draft
  const source = asked.kind === 'array' ? { ...asked, ...resolved } : asked
  return insertDataset(library, { ...whole, recipe: { source, sampling }, derivedFrom })
}

/** The patches of a job, read or made, that are not stored yet. @throws LabError */
export async function makeDraft(job: DatasetJob, options: ImportOptions): Promise<DatasetDraft> {
  switch (job.kind) {
    case 'folder':
      return withImageLabels(await importImages(job.path, job, options), job)
    case 'array': {
      const { kind: _kind, path, derivedFrom: _from, ...asked } = job
      return importArray(path, asked, options)
    }
    case 'generate':
      return generateDataset(job.generator, job, options)
  }
}
