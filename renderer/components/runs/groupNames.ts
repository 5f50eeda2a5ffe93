import type { GroupKey, RunGroup } from '#shared/query/groupRuns.ts'
import type { RunStatus } from '#shared/domain/run.ts'
import { ofSettingColumns, settingInColumn } from '#shared/domain/usedSettings.ts'
import { labelAmongResults, settingOf } from '#shared/settings/runSettings.ts'
import { formatCount } from '../../format/number.ts'
import { statusNames } from '../../format/run.ts'
import { formatSetting } from '../../format/setting.ts'

export const groupNames: Record<GroupKey, string> = {
  status: 'Status',
  dataset: 'Dataset',
  tag: 'Tag',
  preset: 'Preset',
  sweep: 'Sweep',
  ...ofSettingColumns((key) => labelAmongResults(settingOf(key))),
}

/** What a group's runs have in common: "0.05", "Finished", "none". */
export function groupValueName(by: GroupKey, value: RunGroup['value']): string {
  if (value === null) return 'none'
  if (by === 'status') return statusNames[value as RunStatus]
  const key = settingInColumn(by)
  if (key !== null) return formatSetting(key, value)
  return typeof value === 'string' ? value : formatCount(value)
}
