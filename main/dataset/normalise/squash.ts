import { removePatchMeans } from './removePatchMeans.ts'
import { refuseFlat } from './refuseFlat.ts'

/** Where [−1, 1] goes: inside the range that the activation can reach. */
export const squashRanges = { sigmoid: [0.1, 0.9], tanh: [-0.8, 0.8] } as const

export interface Squashed {
  /** ±3σ of all values once each patch's mean is gone. */
  threeSigma: number
  /** Share of values that lay outside and were clipped. */
  clippedShare: number
}

/**
 * The course's normalisation, in place: subtract each patch's own mean, clip at ±3 standard deviations of all
 * values, divide by that, map [−1, 1] to [0.1, 0.9] (sigmoid) or [−0.8, 0.8] (tanh).
 * @param patches m × n row-major
 * @throws LabError badInput where no patch has any contrast
 */
export function squash(
  patches: Float32Array,
  m: number,
  n: number,
  range: keyof typeof squashRanges,
): Squashed {
  const [low, high] = squashRanges[range]
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
