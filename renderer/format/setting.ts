import type { RunSummary } from '#shared/domain/run.ts'
import { engineOfRun } from '#shared/domain/runNames.ts'
import type { SweepParameter } from '#shared/domain/sweep.ts'
import {
  isUsed,
  settingKeys,
  settingOf,
  valueText,
  type RunConfig,
  type SettingKey,
  type SettingValue,
} from '#shared/settings/runSettings.ts'
import type { NumberSetting } from '#shared/settings/setting.ts'
import { formatCount, formatPlain, formatScientific, noValue } from './number.ts'

/** A value of a setting as tables and axes show it: 10,000, 1e−4, L-BFGS; a dataset goes by its name. */
export function formatSetting(parameter: SweepParameter, value: SettingValue): string {
  if (parameter === 'dataset') return String(value)
  const setting = settingOf(parameter)
  return setting.kind === 'choice' || typeof value === 'string'
    ? valueText(setting, value)
    : formatNumber(setting, value)
}

function formatNumber(
  { kind, written = kind === 'whole' ? 'count' : 'plain' }: NumberSetting,
  value: number,
) {
  if (written === 'count') return formatCount(value)
  return written === 'power' ? formatScientific(value) : formatPlain(value)
}

/** A setting of a configuration; a decoder that is the same as the activation has its name. */
function settingText(config: RunConfig, key: SettingKey): string {
  const setting = settingOf(key)
  const as = setting.kind === 'choice' ? setting.choices[config[key]]?.as : undefined
  return as === undefined ? formatSetting(key, config[key]) : settingText(config, as as SettingKey)
}

/** With what is counted, and what 0 switches off: "20 pairs", "0, off". */
export function settingDetail(config: RunConfig, key: SettingKey): string {
  const setting = settingOf(key)
  const text = settingText(config, key)
  if (setting.kind === 'choice') return setting.remark === undefined ? text : `${text}, ${setting.remark}`
  if (setting.zero !== undefined && config[key] === 0) return `${text}, ${setting.zero}`
  return setting.unit === undefined ? text : `${text} ${setting.unit}`
}

/** What a run was set to; of the engine, which one computes; a dash where that changes nothing. */
export function runSettingText(run: RunSummary, key: SettingKey): string {
  if (key === 'engine') return engineOfRun(run)
  return isUsed(key, run.config) ? settingText(run.config, key) : noValue
}

/** The settings that mean something beside the others: of the network, the cost and the training, each in order. */
export function settingParts(config: RunConfig): [SettingKey[], SettingKey[], SettingKey[]] {
  const used = settingKeys.filter((key) => isUsed(key, config))
  const sectionOf = (key: SettingKey): string => settingOf(key).field?.section ?? 'training'
  return [
    used.filter((key) => ['data', 'network'].includes(sectionOf(key))),
    used.filter((key) => sectionOf(key) === 'cost'),
    used.filter((key) => sectionOf(key) === 'training'),
  ]
}

/** With three figures, as a narrow cell or an axis between two values has room for. */
export function shortened(key: SettingKey, value: SettingValue): SettingValue {
  if (typeof value === 'string') return value
  return settingOf(key).kind === 'whole' ? Math.round(value) : Number(value.toPrecision(3))
}
