import type { RunConfig } from '../domain/runConfig.ts'

/**
 * Learning rate of an epoch.
 * - `constant`: the same in all.
 * - `step`: multiplied with `decayFactor` after every `decayEvery` epochs.
 * - `cosine`: half a cosine from the learning rate in the first epoch down to `finalShare` of it in the last.
 * @param epoch  counts from 0
 * @see Loshchilov and Hutter 2017, equation 5, without restarts
 */
export function learningRateAt(
  config: Pick<
    RunConfig,
    'learningRate' | 'schedule' | 'decayEvery' | 'decayFactor' | 'finalShare' | 'iterations'
  >,
  epoch: number,
): number {
  const { learningRate, schedule, decayEvery, decayFactor, finalShare, iterations } = config
  switch (schedule) {
    case 'constant':
      return learningRate
    case 'step':
      return learningRate * decayFactor ** Math.floor(epoch / decayEvery)
    case 'cosine': {
      const progress = iterations === 1 ? 0 : Math.min(1, epoch / (iterations - 1))
      return learningRate * (finalShare + ((1 - finalShare) * (1 + Math.cos(Math.PI * progress))) / 2)
    }
  }
}
