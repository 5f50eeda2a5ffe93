import type { WhiteningStatistics } from '#shared/domain/dataset.ts'

export interface Whitened {
  /** n × n row-major: whitened patch = (patch less the mean that was removed) · matrix. */
  whitening: Float32Array
  whiteningStatistics: WhiteningStatistics
}

/**
 * @param eigenvalues largest first
 * @param mean        of each value, where that was removed
 */
export function whiteningStatistics(
  eigenvalues: number[],
  components: number,
  epsilon: number,
  mean: number[] | null,
): WhiteningStatistics {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const all = sum(eigenvalues)
  const kept = eigenvalues.slice(0, components)
  return {
    eigenvalues,
    components,
    keptVariance: components === eigenvalues.length ? 1 : sum(kept) / all,
    keptAfterEpsilon: sum(kept.map((value) => (value * value) / (value + epsilon))) / all,
    ...(mean && { mean }),
  }
}
