import { LabError } from '#shared/domain/labError.ts'

// Below this, what is left of 8-bit or float32 values is rounding.
const smallestDeviation = 1e-7

/** @throws LabError badInput where the values do not differ */
export function refuseFlat(deviation: number): void {
  if (deviation > smallestDeviation) return
  throw new LabError(
    'badInput',
    'Every patch is flat, so there is nothing to learn. Take images with some contrast.',
  )
}
