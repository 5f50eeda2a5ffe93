import type { ImportProgress, Sampling } from '#shared/domain/dataset.ts'
import type { ErrorReply } from '#shared/domain/labError.ts'
import type { DatasetSource } from './runDatasetJob.ts'

/** What the import host is told: one start, then perhaps a cancel. */
export type ToImporter =
  | { type: 'start'; libraryFolder: string; job: DatasetSource; name: string; sampling: Sampling }
  | { type: 'cancel' }

/** What it answers: progress, then one of the other two, then it exits. */
export type FromImporter =
  | { type: 'progress'; progress: ImportProgress }
  | { type: 'done'; datasetId: number }
  | { type: 'failed'; error: ErrorReply }
