import type { RunConfig } from '#shared/domain/runConfig.ts'
import { parameterNames, type Sweep } from '#shared/domain/sweep.ts'

/** What sets a run of a sweep apart, e.g. "ρ 0.01, hidden units 25, seed 2". */
export function sweepRunName({ axes, repeats }: Sweep, config: RunConfig): string {
  const settings = axes.map(({ parameter }) => `${parameterNames[parameter]} ${config[parameter]}`)
  if (repeats > 1) settings.push(`seed ${config.seed}`)
  return settings.join(', ')
}
