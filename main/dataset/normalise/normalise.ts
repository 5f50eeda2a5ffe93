import type { Normalisation, ValueStatistics } from '#shared/domain/dataset.ts'
import { refuseFlat } from './refuseFlat.ts'
import { squash, squashRanges } from './squash.ts'
import { valueStatistics } from './valueStatistics.ts'
import { zca } from './zca.ts'

export interface Normalised {
  after: ValueStatistics
  threeSigma: number | null
  clippedShare: number | null
  /** n × n row-major, `zca` only */
  whitening: Float32Array | null
}

/**
 * Normalises patches in place.
 * @param patches m × n row-major
 * @throws LabError badInput where all values are the same
 */
export function normalise(
  patches: Float32Array,
  m: number,
  n: number,
  normalisation: Normalisation,
): Normalised {
  const none = { threeSigma: null, clippedShare: null, whitening: null }
  if (normalisation.kind === 'squash') {
    const squashed = squash(patches, m, n, normalisation.range)
    return { ...none, ...squashed, after: valueStatistics(patches, squashRanges[normalisation.range]) }
  }
  if (normalisation.kind === 'zca') {
    const whitening = zca(patches, m, n, normalisation.epsilon)
    return { ...none, whitening, after: valueStatistics(patches) }
  }
  const after = valueStatistics(patches)
  refuseFlat(after.deviation)
  return { ...none, after }
}
