import type { GroupKey, RunGroup } from '#shared/query/groupRuns.ts'
import type { RunStatus } from '#shared/domain/run.ts'
import { optimiserNames } from '#shared/domain/runNames.ts'
import type { Optimiser } from '#shared/domain/runConfig.ts'
import { formatCount, formatSettingNumber } from '../../format/number.ts'
import { statusNames } from '../../format/run.ts'

export const groupNames: Record<GroupKey, string> = {
  status: 'Status',
  dataset: 'Dataset',
  tag: 'Tag',
  preset: 'Preset',
  sweep: 'Sweep',
  hidden: 'Hidden units',
  rho: 'Sparsity target ρ',
  lambda: 'Weight decay λ',
  beta: 'Sparsity weight β',
  activation: 'Activation',
  decoder: 'Decoder',
  optimiser: 'Optimiser',
  iterations: 'Planned iterations',
  batch: 'Batch',
  learningRate: 'Learning rate',
  seed: 'Seed',
  engine: 'Engine',
}

/** What a group's runs have in common: "0.05", "Finished", "none". */
export function groupValueName(by: GroupKey, value: RunGroup['value']): string {
  if (value === null) return 'none'
  if (by === 'status') return statusNames[value as RunStatus]
  if (by === 'optimiser') return optimiserNames[value as Optimiser]
  if (typeof value === 'string') return value
  return by === 'seed' || by === 'sweep' || value >= 1e5 ? formatCount(value) : formatSettingNumber(by, value)
}
