import type { RunSummary } from '#shared/domain/run.ts'
import { activeShare } from '#shared/model/activations.ts'
import { timeLabel } from '../../charts/axisLabel.ts'
import type { ParallelColumn } from '../../charts/parallelAxis.ts'
import { usedValue } from '#shared/domain/usedSettings.ts'
import {
  labelAmongResults,
  settingKeys,
  settingOf,
  shownSymbol,
  type SettingKey,
} from '#shared/settings/runSettings.ts'
import { settingSymbols } from '#shared/settings/setting.ts'
import { formatCost, formatCount, formatRhoHat } from '../../format/number.ts'
import { formatSetting, runSettingText, shortened } from '../../format/setting.ts'

/** A setting or a result of a run, as charts over many runs take it. */
export interface RunQuantity {
  id: string
  name: string
  /** Letter that stands for it on an axis. */
  symbol?: string
  kind: 'setting' | 'result'
  scale: 'linear' | 'log'
  /** Where there is no room for all, those with the largest number go first. */
  givesWay: number
  /** null where a run has none, or has none yet. */
  of: (run: RunSummary) => number | string | null
  format?: (value: number) => string
}

const result = (quantity: Omit<RunQuantity, 'kind'>): RunQuantity => ({ ...quantity, kind: 'result' })
function settingQuantity(key: SettingKey): RunQuantity {
  const setting = settingOf(key)
  const symbol = shownSymbol(setting)
  return {
    id: key,
    name: labelAmongResults(setting),
    ...(symbol && { symbol: settingSymbols[symbol]! }),
    kind: 'setting',
    scale: setting.kind === 'choice' ? 'linear' : setting.scale,
    givesWay: setting.axisGivesWay ?? 12,
    of: (run) => {
      const value = hasEffect(key, run) ? usedValue(run, key) : null
      return typeof value === 'string' ? runSettingText(run, key) : value
    },
    format: (value) => formatSetting(key, shortened(key, value)),
  }
}

/** A sparsity target means nothing where sparsity weighs nothing. */
const hasEffect = (key: SettingKey, { config }: RunSummary): boolean => {
  const { needs } = settingOf(key)
  return needs === undefined || Number(config[needs as SettingKey]) > 0
}

const settings: readonly RunQuantity[] = [
  {
    id: 'dataset',
    name: 'Dataset',
    kind: 'setting',
    givesWay: 7,
    scale: 'linear',
    of: (run) => run.datasetName,
  },
  ...settingKeys.map(settingQuantity),
]

const results: readonly RunQuantity[] = [
  result({ id: 'cost', name: 'Cost', givesWay: 0, scale: 'log', of: (run) => run.cost, format: formatCost }),
  result({
    id: 'reconstruction',
    name: 'Reconstruction',
    givesWay: 4,
    scale: 'log',
    of: (run) => run.reconstruction,
    format: formatCost,
  }),
  result({
    id: 'sparsity',
    name: 'Sparsity',
    givesWay: 6,
    scale: 'linear',
    of: (run) => run.sparsity,
    format: formatCost,
  }),
  result({
    id: 'rhoHat',
    name: 'Average activation ρ̂, mean',
    givesWay: 1,
    symbol: 'ρ̂',
    scale: 'linear',
    of: (run) => (run.rhoHat === null ? null : activeShare(run.config.activation, run.rhoHat.mean)),
    format: formatRhoHat,
  }),
  result({
    id: 'dead',
    name: 'Dead units',
    givesWay: 3,
    scale: 'linear',
    of: (run) => run.deadUnits,
    format: (value) => formatCount(Math.round(value)),
  }),
  result({
    id: 'elapsed',
    name: 'Time',
    givesWay: 5,
    scale: 'log',
    of: (run) => (run.elapsedMs > 0 ? run.elapsedMs : null),
    format: (value) => timeLabel(Number(value.toPrecision(2))),
  }),
]

/** What runs are set to and what they reached, in the order in which axes show them. */
export const runQuantities: readonly RunQuantity[] = [...settings, ...results]

/** The column of each quantity over these runs, for parallel coordinates; values that are not finite are missing. */
export const runColumns = (runs: readonly RunSummary[], quantities = runQuantities): ParallelColumn[] =>
  quantities.map(({ id, name, symbol, scale, givesWay, of, format }) => ({
    id,
    name,
    symbol,
    scale,
    givesWay,
    format,
    values: runs.map((run) => finiteOrNull(of(run))),
  }))

const finiteOrNull = (value: number | string | null): number | string | null =>
  typeof value === 'number' && !Number.isFinite(value) ? null : value
