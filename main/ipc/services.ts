import type { MessagePortMain } from 'electron'
import type { Library } from '#db/library.ts'
import type { Sources } from './chosenSources.ts'
import type { DatasetSource } from '#main/dataset/runDatasetJob.ts'
import type { Sessions } from '#main/session/sessions.ts'
import type { Sampling } from '#shared/domain/dataset.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { Events } from '#shared/ipc/contract.ts'

/** Imports and generates in a process of its own, one at a time. */
export interface Imports {
  /**
   * @returns the id of the dataset, in the library already
   * @throws LabError conflict while another is under way; stopped when it was cancelled; whatever the import says
   */
  start(job: DatasetSource, name: string, sampling: Sampling): Promise<number>
  /** Whether there was one to cancel. */
  cancel(): boolean
  active(): boolean
}

/** What the window sees of the system: dialogs that yield paths, and ports. */
export interface WindowServices {
  /** null when the user cancelled. */
  askForSource(what: 'folder' | 'array'): Promise<string | null>
  /** @param proposal file name with its ending */
  askForExport(proposal: string, extension: string): Promise<string | null>
  /** Hands the window the other end of a new port; returns this end. */
  openLivePort(runId: number): MessagePortMain
}

/** All that the channels are answered with. */
export interface Services {
  library: Library
  sessions: Sessions<MessagePortMain>
  imports: Imports
  sources: Sources
  window: WindowServices
  engines(): Promise<EngineStatus[]>
  /** Says that this process has changed the library. */
  changed(what: Events['library.changed']): void
  appVersion: string
  machine: string
}
