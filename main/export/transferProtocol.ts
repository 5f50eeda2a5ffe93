import type { ExportRequest } from '#shared/domain/exportRequest.ts'
import type { Rescue } from '#db/rescue/rescueLibrary.ts'
import type { NewRun } from '#db/queries/runs.ts'
import type { LibraryPlace } from '#db/whereabouts.ts'
import type { WeightsFile } from '#shared/domain/initialWeights.ts'
import type { Reply } from '#shared/domain/labError.ts'
import type { Notation } from '#shared/numbers/typedNumber.ts'
import type { TableView } from '#shared/query/tableView.ts'
import type { WeightsSource } from './startingWeights.ts'
import type { WeightsAsRun } from './weightsAsRun.ts'

/** What goes out of the library, or comes into it from another. */
export interface TransferJobs {
  /** Returns the absolute path that was written. */
  write: (request: ExportRequest, target: string) => string
  /** Returns the absolute path of the CSV. */
  writeRunTable: (view: TableView, notation: Notation, target: string) => string
  /** Returns the ids of a bundle's runs, in its order. */
  openBundle: (file: string) => number[]
  lookAtWeights: (file: string) => WeightsFile
  /** Returns the id of the run, which waits to be trained. */
  insertRunWith: (run: NewRun, source: WeightsSource) => number
  /** Returns the id of the run, which is finished. */
  importWeights: (request: WeightsAsRun) => number
  /** Copies what can be read of the library into a new folder. */
  rescue: (folder: string) => Rescue
}
export type TransferJob = keyof TransferJobs

/** What the transfer host is told: its job, once, and perhaps that nobody wants it any more. */
export type ToTransfer = TransferStart | 'cancel'

export interface TransferStart {
  library: LibraryPlace
  job: TransferJob
  args: Parameters<TransferJobs[TransferJob]>
}

/** What it answers, once; then it has closed the library and may be ended. */
export type FromTransfer = Reply<ReturnType<TransferJobs[TransferJob]>>
