import { activationTable, type ActivationName } from '#shared/model/activations.ts'
import { removePatchMeans } from './removePatchMeans.ts'
import { refuseFlat } from './refuseFlat.ts'

export interface Squashed {
  /** ±3σ of all values once each patch's mean is gone. */
  threeSigma: number
  /** Share of values that lay outside and were clipped. */
  clippedShare: number
}

/**
 * The course's normalisation, in place: subtract each patch's own mean, clip at ±3 standard deviations of all
 * values, divide by that, map [−1, 1] to the activation's patch range: [0.1, 0.9] for sigmoid.
 * @param patches m × n row-major
 * @throws LabError badInput where no patch has any contrast
 */
export function squash(patches: Float32Array, m: number, n: number, activation: ActivationName): Squashed {
  const [low, high] = activationTable[activation].patchRange
  const middle = (low + high) / 2
  const reach = (high - low) / 2
  const threeSigma = 3 * removePatchMeans(patches, m, n)
  refuseFlat(threeSigma)
  let clipped = 0
  for (let i = 0; i < patches.length; i++) {
    const value = patches[i] / threeSigma
    if (value > 1 || value < -1) clipped += 1
    patches[i] = middle + reach * Math.max(-1, Math.min(1, value))
  }
  return { threeSigma, clippedShare: clipped / patches.length }
}
