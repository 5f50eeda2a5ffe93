import { comparedAt, keptOf } from '#shared/domain/halving.ts'
import type { Sweep, SweepMeasure, SweepStatus } from '#shared/domain/sweep.ts'
import { formatCount, formatCountOf } from './number.ts'

export const measureNames: Record<SweepMeasure, string> = {
  cost: 'Cost',
  reconstruction: 'Reconstruction error',
  validation: 'Validation error',
}

export const sweepStatusNames: Record<SweepStatus, string> = {
  running: 'Running',
  finished: 'Finished',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
}

/** What successive halving does, in one or two sentences. */
export function halvingRule(
  { halving, base, measure }: Pick<Sweep, 'halving' | 'base' | 'measure'>,
  candidates: number,
): string {
  if (!halving) return 'All runs are trained to the end.'
  const at = comparedAt(halving, base.iterations)
  let count = candidates
  const steps = at.slice(0, -1).map((iteration) => {
    count = keptOf(count, halving.eta)
    return `the best ${formatCount(count)} at ${formatCount(iteration)}`
  })
  const name = measureNames[measure].toLowerCase()
  return (
    `Compared by ${name} at equal iterations (${at.slice(0, -1).map(formatCount).join(', ')}): of ` +
    `${formatCountOf(candidates, 'configuration')} go on ${steps.join(', then ')}; these are trained to ` +
    `${formatCount(base.iterations)}. The others keep their checkpoint.`
  )
}
