import type { Random } from '#shared/random/random.ts'

/** Mean and deviation before normalisation. */
export const noiseMean = 0.5
export const noiseDeviation = 0.2

/**
 * IID Gaussian pixels: patches without any structure, in no code smaller than themselves.
 * @param patch overwritten with one patch
 */
export function generateNoise(patch: Float32Array, random: Random, deviation = noiseDeviation): void {
  for (let i = 0; i < patch.length; i++) patch[i] = noiseMean + deviation * random.normal()
}
