import type { Sampling } from '#shared/domain/dataset.ts'
import type { GeneratorParameters } from '#shared/domain/generators.ts'
import { LabError } from '#shared/domain/labError.ts'
import { createStream } from '#shared/random/stream.ts'
import { contrastOf } from '../statistics/patchContrast.ts'
import { generateBars } from './generateBars.ts'
import { generateNoise } from './generateNoise.ts'

const mostTries = 1000

/**
 * Patches one by one, the same for the same sampling.
 * @returns a function that overwrites a patch with the next one; it throws LabError badInput where none has the
 *   contrast that is asked for
 */
export function createPatchSource(
  generator: 'noise' | 'bars',
  { patchSize, channels, minContrast = 0, ...seed }: Sampling,
  { deviation, probability }: GeneratorParameters,
): (patch: Float32Array) => void {
  const random = createStream(seed, generator)
  const draw = (patch: Float32Array) => {
    if (generator === 'noise') generateNoise(patch, random, deviation)
    else generateBars(patch, patchSize, channels, random, probability)
  }
  return (patch) => {
    for (let tries = 0; tries < mostTries; tries++) {
      draw(patch)
      if (minContrast === 0 || contrastOf(patch, 0, patch.length) >= minContrast) return
    }
    throw new LabError(
      'badInput',
      `No patch of ${generator} has a contrast of ${minContrast} in ${mostTries} tries. Ask for less contrast.`,
    )
  }
}
