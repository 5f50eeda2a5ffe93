import type { LibraryPlace } from '#db/whereabouts.ts'
import type { ImportProgress, Sampling } from '#shared/domain/dataset.ts'
import type { ErrorReply } from '#shared/domain/labError.ts'
import type { JobSource } from './runDatasetJob.ts'

/** What the import host is told: one start, then perhaps a cancel. */
export type ToImporter =
  | { type: 'start'; library: LibraryPlace; job: JobSource; name: string; sampling: Sampling }
  | { type: 'cancel' }

/** What it answers: progress, then one of the other two; then it has closed the library and may be ended. */
export type FromImporter =
  | { type: 'progress'; progress: ImportProgress }
  | { type: 'done'; datasetId: number }
  | { type: 'failed'; error: ErrorReply }
