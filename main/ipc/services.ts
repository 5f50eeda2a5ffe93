import type { MessagePortMain } from 'electron'
import type { Library } from '#db/library.ts'
import type { Question, Questions } from '#main/analysis/answer.ts'
import type { Sources } from './chosenSources.ts'
import type { JobSource } from '#main/dataset/runDatasetJob.ts'
import type { Sessions } from '#main/session/supervisor.ts'
import type { Sweeps } from '#main/sweep/sweeps.ts'
import type { Sampling } from '#shared/domain/dataset.ts'
import type { TransferJob, TransferJobs } from '#main/export/transferProtocol.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { Licence } from '#shared/domain/licence.ts'
import type { Settings, SettingsChange } from '#shared/domain/settings.ts'
import type { Events, KnownLibrary, Source, TransferKind } from '#shared/ipc/contract.ts'

/** Imports and generates in a process of its own, one at a time. */
export interface Imports {
  /**
   * @returns the id of the dataset, in the library already
   * @throws LabError conflict while another is under way; stopped when it was cancelled; whatever the import says
   */
  start(job: JobSource, name: string, sampling: Sampling): Promise<number>
  /** Whether there was one to cancel. */
  cancel(): boolean
  active(): boolean
}

/** Questions about weights that take longer than main may be away. */
export interface Analysis {
  /** @throws LabError as the answer; internal where the process that works it out crashes */
  ask<Q extends Question>(
    question: Q,
    ...args: Parameters<Questions[Q]>
  ): Promise<Awaited<ReturnType<Questions[Q]>>>
}

/** Exports and bundles, in processes of their own. */
export interface Transfers {
  /** @throws LabError as the job; internal where its process crashes; stopped where it was cancelled */
  run<J extends TransferJob>(
    job: J,
    ...args: Parameters<TransferJobs[J]>
  ): Promise<ReturnType<TransferJobs[J]>>
  /** Cancels what is under way of a kind. @returns whether there was any */
  cancel(kind: TransferKind): boolean
}

/** What the window sees of the system: dialogs that yield paths, and ports. */
export interface WindowServices {
  /** null when the user cancelled. */
  askForSource(what: Source['kind']): Promise<string | null>
  /** @param proposal file name with its ending; @param kind what kind of file that is */
  askForExport(proposal: string, kind: string): Promise<string | null>
  /** The folder that several files, or another tool's, go into. */
  askForExportFolder(): Promise<string | null>
  /** Hands the window the other end of a new port; returns this end. */
  openLivePort(runId: number): MessagePortMain
}

/** Which library is open, and which others there were. */
export interface LibraryServices {
  recent(): KnownLibrary[]
  /** Whether another is opened: false where the user cancelled, or chose the one that is open. */
  choose(): Promise<boolean>
  /** @throws LabError notFound; conflict while work is under way */
  open(key: string): boolean
}

/** About the app itself. */
export interface AboutServices {
  copyDiagnostics(): Promise<void>
  licences(): Promise<Licence[]>
  forgetMeasurements(): Promise<void>
}

/** What the user has set, of all libraries alike. */
export interface SettingsServices {
  current(): Settings
  /** @returns the settings as they are now */
  change(change: SettingsChange): Settings
}

/** Deleted runs that can still be had back. */
export interface Trash {
  /** @throws LabError notFound; conflict where one is running */
  remove(runIds: readonly number[]): void
  /** @throws LabError notFound where one is removed for good already */
  restore(runIds: readonly number[]): void
}

/** All that the channels are answered with. */
export interface Services {
  library: Library
  sessions: Sessions<MessagePortMain>
  sweeps: Sweeps
  imports: Imports
  analysis: Analysis
  transfers: Transfers
  trash: Trash
  sources: Sources
  /** Path of the next bundle that the system wants opened, each once. */
  offeredBundle(): string | null
  window: WindowServices
  settings: SettingsServices
  libraries: LibraryServices
  about: AboutServices
  engines(): Promise<EngineStatus[]>
  /** Says that this process has changed the library. */
  changed(what: Events['library.changed']): void
  appVersion: string
  machine: string
}
