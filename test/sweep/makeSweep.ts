import { defaultConfig } from '#shared/domain/runConfig.ts'
import type { Sweep, SweepAxis } from '#shared/domain/sweep.ts'

const rhoAndHidden: SweepAxis[] = [
  { parameter: 'rho', values: { kind: 'list', values: [0.01, 0.05] } },
  { parameter: 'hidden', values: { kind: 'list', values: [25, 50] } },
]

/** Two values of ρ by two numbers of hidden units. */
export const makeSweep = (change: Partial<Sweep> = {}): Sweep => ({
  base: defaultConfig,
  axes: rhoAndHidden,
  strategy: { kind: 'grid' },
  halving: null,
  repeats: 1,
  measure: 'cost',
  ...change,
})
