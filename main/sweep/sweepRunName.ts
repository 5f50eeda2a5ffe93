import type { RunSummary } from '#shared/domain/run.ts'
import { parameterName, settingIn, type Sweep } from '#shared/domain/sweep.ts'

/** What sets a run of a sweep apart, e.g. "ρ 0.01, hidden units 25, seed 2". */
export function sweepRunName(
  { axes, repeats }: Sweep,
  run: Pick<RunSummary, 'config' | 'datasetName'>,
): string {
  const settings = axes.map(({ parameter }) =>
    parameter === 'dataset' ? run.datasetName : `${parameterName(parameter)} ${settingIn(run, parameter)}`,
  )
  if (repeats > 1) settings.push(`seed ${run.config.seed}`)
  return settings.join(', ')
}
