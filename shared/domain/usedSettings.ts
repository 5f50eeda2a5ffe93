import {
  isUsed,
  runSettings,
  settingKeys,
  type SettingKey,
  type SettingValue,
} from '../settings/runSettings.ts'
import type { RunSummary } from './run.ts'

/** What a run was set to, null where that changed nothing; of the engine, which one really computes. */
export function usedValue(run: RunSummary, key: SettingKey): SettingValue | null {
  if (!isUsed(key, run.config)) return null
  return key === 'engine' ? (run.engine?.engine ?? run.config.engine) : run.config[key]
}

/** A setting of several runs. */
export interface ComparedSetting {
  setting: SettingKey | 'dataset'
  /** One a run, in the order given; null where it changed nothing. */
  values: (SettingValue | null)[]
}

/** The dataset and every setting that one of these runs uses, in the order of the configuration. */
export function comparedSettings(runs: readonly RunSummary[]): ComparedSetting[] {
  const rows: ComparedSetting[] = [
    { setting: 'dataset', values: runs.map((run) => run.datasetName) },
    ...settingKeys.map((setting) => ({ setting, values: runs.map((run) => usedValue(run, setting)) })),
  ]
  return rows.filter(({ values }) => values.some((value) => value !== null))
}

export const doDiffer = ({ values }: Pick<ComparedSetting, 'values'>): boolean =>
  values.some((value) => value !== values[0])

type AmongResults<Key extends SettingKey> = (typeof runSettings)[Key] extends {
  amongResults: { key: infer Other extends string }
}
  ? Other
  : Key

/** What a setting is called where results stand beside it: iterations that a run has done are not those planned. */
export type SettingColumn = { [Key in SettingKey]: AmongResults<Key> }[SettingKey]

export const columnOf = (key: SettingKey): SettingColumn =>
  ((runSettings as Record<string, { amongResults?: { key: string } }>)[key].amongResults?.key ??
    key) as SettingColumn

const keyOfColumn = new Map<string, SettingKey>(settingKeys.map((key) => [columnOf(key), key]))

/** The setting that a column shows; null for a result. */
export const settingInColumn = (column: string): SettingKey | null => keyOfColumn.get(column) ?? null

/** Something of every setting, by the columns' names. */
export const ofSettingColumns = <T>(make: (key: SettingKey) => T): Record<SettingColumn, T> =>
  Object.fromEntries(settingKeys.map((key) => [columnOf(key), make(key)])) as Record<SettingColumn, T>
