import type { RunSummary } from '#shared/domain/run.ts'
import { formatCost, formatCount, formatSettingNumber, noValue } from '../../format/number.ts'
import { activationNames, decoderName, engineOfRun, optimiserNames, statusNames } from '../../format/run.ts'
import { formatAge, formatDuration } from '../../format/time.ts'
import type { Column } from './columns.ts'

/** What a cell tells when it is pointed at, where that is more than it shows. */
export function cellTitle({ config, datasetName }: RunSummary, key: Column['key']): string | undefined {
  if (key === 'dataset') return datasetName
  const isSetting = key === 'rho' || key === 'lambda' || key === 'beta'
  return isSetting ? formatSettingNumber(key, config[key]) : undefined
}

/** A plain cell of a run's row as text; the cells that are drawn otherwise have none. */
export function cellText(run: RunSummary, key: Column['key'], now: number): string {
  const { config } = run
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
    case 'hidden':
      return formatCount(config.hidden)
    case 'rho':
    case 'lambda':
    case 'beta':
      return formatSettingNumber(key, Number(config[key].toPrecision(3)))
    case 'activation':
      return activationNames[config.activation]
    case 'decoder':
      return decoderName(config.decoder, config.activation)
    case 'optimiser':
      return optimiserNames[config.optimiser]
    case 'seed':
      return String(config.seed)
    case 'engine':
      return engineOfRun(run)
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
    case 'age':
      return formatAge(run.createdAt, now)
  }
}
