import type { CommandName } from '../commands/commands.ts'
import type {
  DatasetDetail,
  DatasetImage,
  DatasetSummary,
  GeneratorName,
  ImportProgress,
  Sampling,
} from '../domain/dataset.ts'
import type { ArrayChoice, FileLook } from '../domain/datasetSource.ts'
import type { EngineStatus } from '../domain/engineStatus.ts'
import type { EngineGradientCheck } from '../domain/gradientCheck.ts'
import type { ExportRequest } from '../domain/exportRequest.ts'
import type { WeightsFile } from '../domain/initialWeights.ts'
import type { GeneratorParameters, GeneratorPreview } from '../domain/generators.ts'
import type { FileToSave } from '../domain/savedFile.ts'
import type { CleanedLibrary, LibraryUsage } from '../domain/libraryUsage.ts'
import type { QueueState } from '../domain/queueState.ts'
import type { RhoHatMap } from '../domain/rhoHatMap.ts'
import type { IterationColumns, IterationRecord, RunDetail, RunSummary, Snapshot } from '../domain/run.ts'
import type { EngineChoice, RunConfig } from '../domain/runConfig.ts'
import type { Comparison } from '../domain/halving.ts'
import type { Licence } from '../domain/licence.ts'
import type { Settings, SettingsChange } from '../domain/settings.ts'
import type { SweepSummary } from '../domain/sweep.ts'
import type { MatchedRuns, UnitActivations, UnitHistory, UnitMatch } from '../domain/unit.ts'
import type { GaborFit } from '../filters/gaborFit.ts'
import type { FilterSpace, Whitening } from '../filters/pixelFilters.ts'
import type { Notation } from '../numbers/typedNumber.ts'
import type { SavedView, TableView } from '../query/tableView.ts'
import type {
  Source,
  LibrarySummary,
  KnownLibrary,
  StartRun,
  ImportWeights,
  StartSweep,
  PatchVariances,
  Reconstructions,
  Sprite,
  Sparkline,
  RunPage,
  RunChanges,
} from './payloads.ts'

export type * from './payloads.ts'

/** What of the transfers a user may cancel. */
export const transferKinds = ['export', 'bundle', 'weights'] as const
export type TransferKind = (typeof transferKinds)[number]

/** One type is the contract: a channel, its arguments, its value. Every call returns a Reply of the value. */
export interface Calls {
  'library.summary': () => LibrarySummary
  'library.usage': () => LibraryUsage
  /** Removes what nothing uses any more. */
  'library.clean': () => CleanedLibrary
  'engines.list': () => EngineStatus[]
  /** Forgets what was measured of this machine's engines: measured again when next needed. */
  'engines.forget': () => null
  /** Other libraries that were opened, newest first. */
  'libraries.recent': () => KnownLibrary[]
  /** Asks for a folder and starts the app anew on the library there; false where that was cancelled. */
  'libraries.choose': () => boolean
  'libraries.open': (key: string) => boolean
  /** Puts what a report of a problem needs on the clipboard, without names of files or runs. */
  'diagnostics.copy': () => null
  /** Software of others that is in the app. */
  'licences.list': () => Licence[]
  'settings.get': () => Settings
  'settings.change': (change: SettingsChange) => Settings
  'sources.choose': (what: Source['kind']) => Source | null
  'datasets.list': () => DatasetSummary[]
  'datasets.get': (id: number) => DatasetDetail
  /** What is in a file of arrays; null for a folder. */
  'datasets.look': (token: string) => FileLook | null
  'datasets.import': (token: string, name: string, sampling: Sampling, choice?: ArrayChoice) => DatasetSummary
  'datasets.generate': (
    generator: GeneratorName,
    name: string,
    sampling: Sampling,
    parameters?: GeneratorParameters,
  ) => DatasetSummary
  'datasets.preview': (
    generator: GeneratorName,
    sampling: Sampling,
    parameters?: GeneratorParameters,
  ) => GeneratorPreview
  /** Another dataset from the same images, file or generator. */
  'datasets.derive': (id: number, name: string, sampling: Sampling) => DatasetSummary
  /** Cancels the import or generation under way, if any. */
  'datasets.cancel': () => boolean
  'datasets.rename': (id: number, name: string) => DatasetSummary
  'datasets.setNotes': (id: number, notes: string) => null
  'datasets.remove': (id: number) => null
  /** How its patches were whitened; null where they were not. */
  'datasets.whitening': (id: number) => Whitening | null
  /** Some images with their thumbnails, by index; those that are not there are left out. */
  'datasets.images': (id: number, indices: number[]) => DatasetImage[]
  /** Of its patches: mean squared distance from the mean patch, summed over the values. */
  'runs.variances': (id: number) => PatchVariances
  /** Some runs, newest first, from before one (null: from the newest); the window reads its list in such pages. */
  'runs.page': (beforeId: number | null) => RunPage
  /** What has changed since a revision, by whichever process. */
  'runs.changes': (since: number) => RunChanges
  'runs.get': (id: number) => RunDetail
  /** Iterations after `afterIteration` (−1: from the first), `seriesPage` of them at most. */
  'runs.series': (id: number, afterIteration: number) => IterationColumns
  /** ρ̂ of every unit at the recorded iteration nearest to and not after `iteration`. */
  'runs.rhoHat': (id: number, iteration: number) => { iteration: number; rhoHat: Float32Array } | null
  /** The snapshot nearest to and not after `iteration`. */
  'runs.snapshot': (id: number, iteration: number) => Snapshot | null
  'runs.reconstructions': (id: number, iteration: number, count: number) => Reconstructions | null
  /** Those of the whole dataset with the largest squared error, worst first. */
  'runs.worstPatches': (id: number, iteration: number, count: number) => Reconstructions | null
  /** ρ̂ of every unit at about 400 iterations. */
  'runs.rhoHatMap': (id: number) => RhoHatMap
  'runs.sprites': (ids: number[]) => Sprite[]
  'runs.sparklines': (ids: number[]) => Sparkline[]
  'runs.start': (run: StartRun) => RunSummary
  /** With a checkpoint; or at once, which loses what was done since the last one. */
  'runs.stop': (id: number, atOnce?: boolean) => null
  /** Lets the processor go, keeps process, memory and turn; within seconds where another process trains it. */
  'runs.pause': (id: number) => null
  'runs.continue': (id: number) => null
  /** With another engine this time, where one is named. */
  'runs.resume': (id: number, engine?: EngineChoice) => RunSummary
  'queue.get': () => QueueState
  /** Puts a waiting run at a place, from 0. */
  'queue.move': (id: number, place: number) => null
  'runs.rename': (id: number, name: string) => RunSummary
  'runs.setTags': (id: number, tags: string[]) => RunSummary
  'runs.setNotes': (id: number, notes: string) => null
  /** Puts runs away: lists leave them out. */
  'runs.archive': (ids: number[]) => null
  'runs.unarchive': (ids: number[]) => null
  /** Takes runs out of the lists; they are removed for good when the time to restore them is over. */
  'runs.remove': (ids: number[]) => null
  /** Takes back what `runs.remove` did. */
  'runs.restore': (ids: number[]) => null
  /** Asks where, writes the runs that a view shows as CSV, and returns the path; null if the user cancelled. */
  'runs.writeCsv': (view: TableView, notation: Notation) => string | null
  'views.list': () => SavedView[]
  /** Keeps a view under a name; what had that name is overwritten. */
  'views.save': (name: string, view: TableView) => SavedView
  'views.rename': (id: number, name: string) => null
  'views.remove': (id: number) => null
  'sweeps.list': () => SweepSummary[]
  /** Of successive halving: the comparisons that have been, in order. */
  'sweeps.comparisons': (id: number) => Comparison[]
  /** Plans a sweep, stores it with all its runs, and queues them. */
  'sweeps.start': (request: StartSweep) => SweepSummary
  /** Stops its waiting runs at once and a running one with a checkpoint. */
  'sweeps.stop': (id: number) => SweepSummary
  'sweeps.resume': (id: number) => SweepSummary
  /** Its runs stay. */
  'sweeps.remove': (id: number) => null
  /** Asks where, writes, and returns the path as shown; null if the user cancelled. */
  'exports.write': (request: ExportRequest) => string | null
  /** Cancels what is under way of this kind, if anything: nothing of it is kept. */
  'transfers.cancel': (kind: TransferKind) => boolean
  /** A bundle that the system wants opened, by a double click say; each is given once, null when there is none. */
  'bundles.offered': () => Source | null
  /** Asks where, and saves what the window has drawn; returns the path as shown, null if the user cancelled. */
  'files.save': (file: FileToSave) => string | null
  /** Takes the runs of a bundle into the library; returns their new ids, in the order of the bundle. */
  'bundles.open': (token: string) => number[]
  /** What a file of weights is for; null for a file of arrays that holds none. */
  'weights.look': (token: string) => WeightsFile | null
  /** Takes weights in as a finished run: nothing is trained. */
  'weights.import': (request: ImportWeights) => RunSummary
  /** What a hidden unit (index from 0) makes of every patch, by the snapshot nearest to and not after `iteration`. */
  'units.activations': (runId: number, unit: number, iteration: number) => UnitActivations
  'units.history': (runId: number, unit: number) => UnitHistory
  /** The most similar filter in each of the 50 newest other runs of the same patch size. */
  'units.matches': (runId: number, unit: number, iteration: number, space: FilterSpace) => UnitMatch[]
  /** null where no Gabor function can be fitted: not square, too small, or a dead unit. */
  'units.gabor': (runId: number, unit: number, iteration: number, space: FilterSpace) => GaborFit | null
  /** Pairs the filters of every two of these runs by their newest weights. */
  'filters.match': (runIds: number[]) => MatchedRuns
  /** The gradient of the engine that would compute such a run, against central differences on a few patches. */
  'gradient.check': (datasetId: number, config: RunConfig) => EngineGradientCheck
  /** Generates the sample images' patches, if they are not there, and starts the Edges preset on them. */
  'demo.start': () => RunSummary
  /** The runs of noise vs structure, noise first: those that are there, else their datasets are made and they start. */
  'demo.noise': () => RunSummary[]
  /** Asks main to hand this window a port on the live session: arrives as a `livePort` window message. */
  'live.watch': (runId: number) => boolean
}

export type Channel = keyof Calls

/** What main tells the window unasked. */
export interface Events {
  /** Something in the library changed, by this process or another; lists are stale. */
  'library.changed': { runs: boolean; datasets: boolean }
  /** Why the open library is not where it was, one sentence; null when it is there again. */
  'library.absent': { message: string | null }
  'datasets.progress': ImportProgress
  /** There is something to get by `bundles.offered`. */
  'bundles.offered': null
  menu: { command: CommandName }
  /** The user wants to see this run: a notification of its end was clicked. */
  openRun: { runId: number }
  /** Something that the user has to mend, one sentence. */
  trouble: { message: string }
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
  /** The country whose numbers the user writes, as a BCP 47 tag. */
  locale: string
}

declare global {
  interface Window {
    lab: LabBridge
  }
}
