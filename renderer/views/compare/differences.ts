import type { RunSummary } from '#shared/domain/run.ts'
import { comparedSettings } from '#shared/domain/usedSettings.ts'
import { settingOf, shownSymbol, type SettingKey } from '#shared/settings/runSettings.ts'
import type { SymbolName } from '../../components/symbols.ts'
import { formatPatchSize } from '../../format/number.ts'
import { runSettingText } from '../../format/setting.ts'

/** One setting of several runs, in their order. */
export interface SettingRow {
  name: string
  symbol?: SymbolName
  values: string[]
  /** Which differ from the first run. */
  differs: boolean[]
}

/** The settings of several runs, those that differ and those that are the same; what none of them uses is left out. */
export function compareSettings(runs: readonly RunSummary[]): {
  differing: SettingRow[]
  same: SettingRow[]
} {
  const rows = comparedSettings(runs).flatMap(({ setting, values }) =>
    setting === 'dataset'
      ? [rowOf('Dataset', values.map(String)), rowOf('Patch', runs.map(patchText))]
      : [settingRow(setting, runs)],
  )
  return {
    differing: rows.filter(({ differs }) => differs.some(Boolean)),
    same: rows.filter(({ differs }) => !differs.some(Boolean)),
  }
}

const rowOf = (name: string, values: string[], symbol?: SymbolName): SettingRow => ({
  name,
  symbol,
  values,
  differs: values.map((value) => value !== values[0]),
})

function settingRow(key: SettingKey, runs: readonly RunSummary[]): SettingRow {
  const setting = settingOf(key)
  const name = setting.amongResults?.label ?? setting.label
  return rowOf(
    name,
    runs.map((run) => runSettingText(run, key)),
    shownSymbol(setting),
  )
}

const patchText = ({ patchSize, visible, channels }: RunSummary): string =>
  patchSize === null ? `${visible} values` : formatPatchSize(patchSize, channels)
