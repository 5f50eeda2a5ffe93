import type { RunSummary } from '#shared/domain/run.ts'
import { settingInColumn } from '#shared/domain/usedSettings.ts'
import { settingOf } from '#shared/settings/runSettings.ts'
import { formatCost, formatCount, noValue } from '../../format/number.ts'
import { statusNames } from '../../format/run.ts'
import { runSettingText, shortened } from '../../format/setting.ts'
import { formatAge, formatDuration } from '../../format/time.ts'
import type { Column } from './columns.ts'

/** What a cell tells when it is pointed at, where that is more than it shows. */
export function cellTitle(run: RunSummary, column: Column['key']): string | undefined {
  if (column === 'dataset') return run.datasetName
  const key = settingInColumn(column)
  return key !== null && settingOf(key).kind === 'number' ? runSettingText(run, key) : undefined
}

/** A plain cell of a run's row as text; the cells that are drawn otherwise have none. */
export function cellText(run: RunSummary, key: Column['key'], now: number): string {
  const setting = settingInColumn(key)
  if (setting !== null) {
    const config = { ...run.config, [setting]: shortened(setting, run.config[setting]) }
    return runSettingText({ ...run, config }, setting)
  }
  switch (key) {
    case 'name':
    case 'sparkline':
    case 'rhoHat':
    case 'tags':
      return ''
    case 'status':
      return statusNames[run.status]
    case 'dataset':
      return run.datasetName
    case 'preset':
      return run.preset ?? noValue
    case 'iterations':
      return formatCount(run.iterations)
    case 'cost':
    case 'reconstruction':
    case 'weightDecay':
    case 'sparsity':
    case 'validation':
      return formatCost(run[key])
    case 'dead':
      return run.deadUnits === null ? noValue : formatCount(run.deadUnits)
    case 'time':
      return run.elapsedMs > 0 ? formatDuration(run.elapsedMs) : noValue
    default: // Its age is all that is left.
      return formatAge(run.createdAt, now)
  }
}
