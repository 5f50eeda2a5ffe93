import { activationTable } from '#shared/model/activations.ts'
import type { Normalisation, ValueStatistics, WhiteningStatistics } from '#shared/domain/dataset.ts'
import { pca } from './pca.ts'
import { refuseFlat } from './refuseFlat.ts'
import { removePatchMeans } from './removePatchMeans.ts'
import { squash } from './squash.ts'
import { valueStatistics } from '#shared/numbers/valueStatistics.ts'
import { zca } from './zca.ts'

export interface Normalised {
  after: ValueStatistics
  threeSigma: number | null
  clippedShare: number | null
  /** n × n row-major, `zca` and `pca` only */
  whitening: Float32Array | null
  whiteningStatistics: WhiteningStatistics | null
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
  const none = { threeSigma: null, clippedShare: null, whitening: null, whiteningStatistics: null }
  switch (normalisation.kind) {
    case 'squash': {
      const squashed = squash(patches, m, n, normalisation.range)
      return {
        ...none,
        ...squashed,
        after: valueStatistics(patches, activationTable[normalisation.range].patchRange),
      }
    }
    case 'zca': {
      const whitened = zca(patches, m, n, normalisation.epsilon, normalisation.mean)
      return { ...none, ...whitened, after: valueStatistics(patches) }
    }
    case 'pca': {
      const { epsilon, keptVariance, mean } = normalisation
      const whitened = pca(patches, m, n, epsilon, keptVariance, mean)
      return { ...none, ...whitened, after: valueStatistics(patches) }
    }
    case 'mean': {
      refuseFlat(removePatchMeans(patches, m, n))
      return { ...none, after: valueStatistics(patches) }
    }
    case 'none': {
      const after = valueStatistics(patches)
      refuseFlat(after.deviation)
      return { ...none, after }
    }
  }
}
