import type {
  DatasetDetail,
  DatasetSummary,
  GeneratorName,
  ImportProgress,
  Sampling,
} from '../domain/dataset.ts'
import type { EngineStatus } from '../domain/engineStatus.ts'
import type { IterationColumns, IterationRecord, RunDetail, RunSummary, Snapshot } from '../domain/run.ts'
import type { RunConfig } from '../domain/runConfig.ts'

/** A folder or file that the user chose or dropped; main keeps the path, the window holds the token. */
export interface Source {
  token: string
  kind: 'folder' | 'array'
  /** Last part of the path, proposed as the dataset's name. */
  name: string
  /** The path as shown to the user. */
  displayPath: string
}

export interface LibrarySummary {
  displayPath: string
  appVersion: string
  /** e.g. "Intel Xeon, 2 cores, 24 GB" */
  machine: string
  runs: number
  datasets: number
}

export interface StartRun {
  datasetId: number
  config: RunConfig
  name: string
  preset: string | null
  tags: string[]
}

/** A few patches through the network: k × n each, row-major. */
export interface Reconstructions {
  count: number
  patches: Float32Array
  outputs: Float32Array
}

/** The first filters of a run's newest weights, for its row in a table: `count` filters, count × visible. */
export interface Sprite {
  runId: number
  count: number
  filters: Float32Array
}

export interface Sparkline {
  runId: number
  /** At most 64 points of the cost, evenly spaced over the iterations. */
  cost: Float32Array
}

/** One type is the contract: a channel, its arguments, its value. Every call returns a Reply of the value. */
export interface Calls {
  'library.summary': () => LibrarySummary
  'engines.list': () => EngineStatus[]
  'sources.choose': (what: 'folder' | 'array') => Source | null
  'datasets.list': () => DatasetSummary[]
  'datasets.get': (id: number) => DatasetDetail
  'datasets.import': (token: string, name: string, sampling: Sampling) => DatasetSummary
  'datasets.generate': (generator: GeneratorName, name: string, sampling: Sampling) => DatasetSummary
  /** Cancels the import or generation under way, if any. */
  'datasets.cancel': () => boolean
  'datasets.rename': (id: number, name: string) => DatasetSummary
  'datasets.remove': (id: number) => null
  'runs.list': () => RunSummary[]
  'runs.get': (id: number) => RunDetail
  /** Iterations after `afterIteration` (−1 for all). */
  'runs.series': (id: number, afterIteration: number) => IterationColumns
  /** ρ̂ of every unit at the recorded iteration nearest to and not after `iteration`. */
  'runs.rhoHat': (id: number, iteration: number) => { iteration: number; rhoHat: Float32Array } | null
  /** The snapshot nearest to and not after `iteration`. */
  'runs.snapshot': (id: number, iteration: number) => Snapshot | null
  'runs.reconstructions': (id: number, iteration: number, count: number) => Reconstructions | null
  'runs.sprites': (ids: number[]) => Sprite[]
  'runs.sparklines': (ids: number[]) => Sparkline[]
  'runs.start': (run: StartRun) => RunSummary
  'runs.stop': (id: number) => null
  'runs.resume': (id: number) => RunSummary
  'runs.rename': (id: number, name: string) => RunSummary
  'runs.setTags': (id: number, tags: string[]) => RunSummary
  'runs.setNotes': (id: number, notes: string) => null
  'runs.remove': (ids: number[]) => null
  /** Asks where, writes, and returns the path as shown; null if the user cancelled. */
  'runs.export': (id: number, format: ExportFormat, iteration: number | null) => string | null
  /** Generates the sample images' patches, if they are not there, and starts the Edges preset on them. */
  'demo.start': () => RunSummary
  /** Asks main to hand this window a port on the live session: arrives as a `livePort` window message. */
  'live.watch': (runId: number) => boolean
  'live.unwatch': (runId: number) => null
}

export const exportFormats = ['npz', 'png'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type Channel = keyof Calls

/** What main tells the window unasked. */
export interface Events {
  /** Something in the library changed, by this process or another; lists are stale. */
  'library.changed': { runs: boolean; datasets: boolean }
  'datasets.progress': ImportProgress
  /** A menu command: 'newRun', 'importFolder', 'importArray', 'runs', 'datasets', 'compare', 'about', … */
  menu: { command: string }
}
export type EventName = keyof Events

/** What the session says on the live port. */
export type LiveMessage =
  | { type: 'iterations'; records: IterationRecord[] }
  | { type: 'weights'; iteration: number; W1: Float32Array; rhoHat: Float32Array }
  | { type: 'ended' }

/** `window.lab` as preload exposes it. */
export interface LabBridge {
  invoke<C extends Channel>(
    channel: C,
    ...args: Parameters<Calls[C]>
  ): Promise<import('../domain/labError.ts').Reply<ReturnType<Calls[C]>>>
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void
  /** A dropped file or folder as a Source; the path is read by preload from the real drop, never given by the page. */
  sourceFromDrop(file: File): Promise<import('../domain/labError.ts').Reply<Source>>
  platform: 'linux' | 'darwin' | 'win32'
}

declare global {
  interface Window {
    lab: LabBridge
  }
}
