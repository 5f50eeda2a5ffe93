import type { Optimiser, RunConfig } from './runConfig.ts'

const miniBatch = ['adam', 'sgd'] as const

/** Optimisers that a setting means something to, where these are not all. */
const onlyFor: Partial<Record<keyof RunConfig, readonly Optimiser[]>> = {
  history: ['lbfgs'],
  gradientTolerance: ['lbfgs'],
  batch: miniBatch,
  learningRate: miniBatch,
  schedule: miniBatch,
  decayEvery: miniBatch,
  decayFactor: miniBatch,
  finalShare: miniBatch,
  momentum: ['sgd'],
  rhoHatDecay: miniBatch,
}

/** Whether a setting changes anything under an optimiser. */
export const isUsedBy = (setting: keyof RunConfig, optimiser: Optimiser): boolean =>
  onlyFor[setting]?.includes(optimiser) ?? true
