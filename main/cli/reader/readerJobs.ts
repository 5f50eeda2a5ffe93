import type { arrayUse } from '#main/dataset/array/arrayUse.ts'
import type { holdsWeights } from '#main/dataset/array/holdsWeights.ts'
import type { DatasetJob } from '#main/dataset/runDatasetJob.ts'
import type { readWeights } from '#main/export/importWeights.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import type { Reply } from '#shared/domain/labError.ts'

/** What is read in a thread of its own. */
export interface ReaderJobs {
  holdsWeights: typeof holdsWeights
  arrayUse: typeof arrayUse
  makeDraft: (job: DatasetJob) => Promise<DatasetDraft>
  readWeights: typeof readWeights
}
export type ReaderJob = keyof ReaderJobs

export interface ToReader {
  job: ReaderJob
  args: unknown[]
}

export type FromReader =
  | { type: 'begun' }
  | { type: 'progress'; progress: ImportProgress }
  | { type: 'reply'; reply: Reply<unknown> }
