import type { DatasetSummary } from '#shared/domain/dataset.ts'
import { normalisationText } from '#shared/domain/normalisationText.ts'
import type { Outcome, RunDetail } from '#shared/domain/run.ts'
import {
  isSetting,
  isUsed,
  labelAmongResults,
  settingOf,
  type SettingKey,
} from '#shared/settings/runSettings.ts'

/** A quantity that is reported, and what it is of one run. */
export type ReportRow = readonly [name: string, value: (run: RunDetail) => string]

/** What stands for a quantity that a run does not have. */
export const nothing = '–'

const number = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? nothing
    : String(Number(value.toPrecision(5)))

const outcomeTexts: Record<Outcome, string | null> = {
  converged: 'converged',
  maxIterations: 'all iterations done',
  stopped: null,
  lineSearchFailed: 'the line search found no step',
  diverged: 'diverged',
  crashed: 'its process crashed',
  killed: 'its process was killed',
  outOfMemory: 'it ran out of memory',
}

export const resultRows: readonly ReportRow[] = [
  ['Status', ({ status, outcome }) => [status, outcome && outcomeTexts[outcome]].filter(Boolean).join(', ')],
  ['Iterations', (run) => `${run.iterations} of ${run.config.iterations}`],
  ['Cost', (run) => number(run.cost)],
  ['Reconstruction', (run) => number(run.reconstruction)],
  ['Weight decay', (run) => number(run.weightDecay)],
  ['Sparsity', (run) => number(run.sparsity)],
  ['Reconstruction, held out', (run) => number(run.validation)],
  [
    'ρ̂, least to most',
    ({ rhoHat }) =>
      rhoHat ? `${number(rhoHat.min)} – ${number(rhoHat.max)}, mean ${number(rhoHat.mean)}` : '–',
  ],
  ['Dead units', (run) => number(run.deadUnits)],
  ['Training time', (run) => `${number(run.elapsedMs / 1000)} s, ${run.evaluations} evaluations`],
]

/** Every setting that means something, also one that this version does not know. */
export const settingRows = (runs: readonly RunDetail[]): ReportRow[] =>
  [...new Set(runs.flatMap(({ config }) => Object.keys(config)))].map((key) =>
    isSetting(key)
      ? settingRow(key)
      : [key, ({ config }) => String((config as Record<string, unknown>)[key])],
  )

const settingRow = (key: SettingKey): ReportRow => [
  // What was asked for: what computed stands with where and when.
  key === 'engine' ? 'Engine asked for' : labelAmongResults(settingOf(key)),
  ({ config }) => (isUsed(key, config) ? String(config[key]) : nothing),
]

export const originRows: readonly ReportRow[] = [
  ['Engine', ({ engine }) => (engine ? `${engine.backend}, ${engine.device}, ${engine.precision}` : '–')],
  ['Machine', (run) => run.machine],
  ['Made with', (run) => `Rho Lab ${run.appVersion}`],
  ['Started', (run) => run.startedAt ?? '–'],
  ['Ended', (run) => run.endedAt ?? '–'],
  ['Tags', (run) => run.tags.join(', ') || '–'],
]

export const datasetRows = (dataset: DatasetSummary): string[][] => [
  ['Name', dataset.name],
  ['Patches', `${dataset.patches} × ${dataset.visible}`],
  ['Patch', patchText(dataset)],
  ['Normalisation', normalisationText(dataset.normalisation)],
  ['Seed', String(dataset.seed)],
  ['Images', String(dataset.images)],
  ['SHA-256', dataset.hash],
]

const patchText = ({ patchSize, channels }: DatasetSummary) =>
  patchSize === null ? '–' : `${patchSize} × ${patchSize}, ${channels === 3 ? 'colour' : 'grey'}`
