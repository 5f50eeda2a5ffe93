import { insertDataset } from '#db/queries/datasets.ts'
import type { Library } from '#db/library.ts'
import type { GeneratorName, Sampling } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { generateDataset } from './generate/generateDataset.ts'
import { importArray } from './importArray.ts'
import { importImages, type ImportOptions } from './importImages.ts'
import { stopIfAborted } from './stopIfAborted.ts'

/** Where a dataset comes from. */
export type DatasetSource =
  | { kind: 'folder'; path: string }
  | { kind: 'array'; path: string }
  | { kind: 'generate'; generator: GeneratorName }

export type DatasetJob = DatasetSource & { name: string; sampling: Sampling }

/**
 * Imports or generates a dataset and stores it.
 * @returns the dataset's id
 * @throws LabError; the library is then as it was
 */
export async function runDatasetJob(
  library: Library,
  job: DatasetJob,
  options: ImportOptions = {},
): Promise<number> {
  const draft = await makeDraft(job, options)
  stopIfAborted(options.signal)
  options.onProgress?.({ stage: 'writing', done: 0, total: 1, skipped: draft.skippedFiles.length })
  return insertDataset(library, draft)
}

function makeDraft(job: DatasetJob, options: ImportOptions): Promise<DatasetDraft> {
  switch (job.kind) {
    case 'folder':
      return importImages(job.path, job, options)
    case 'array':
      return importArray(job.path, job, options)
    case 'generate':
      return generateDataset(job.generator, job, options)
  }
}
