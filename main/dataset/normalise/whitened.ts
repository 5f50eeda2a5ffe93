import type { WhiteningStatistics } from '#shared/domain/dataset.ts'

export interface Whitened {
  /** n × n row-major: whitened patch = mean-free patch · matrix. */
  whitening: Float32Array
  whiteningStatistics: WhiteningStatistics
}

/** @param eigenvalues largest first */
export function whiteningStatistics(
  eigenvalues: number[],
  components: number,
  epsilon: number,
): WhiteningStatistics {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const all = sum(eigenvalues)
  const kept = eigenvalues.slice(0, components)
  return {
    eigenvalues,
    components,
    keptVariance: components === eigenvalues.length ? 1 : sum(kept) / all,
    keptAfterEpsilon: sum(kept.map((value) => (value * value) / (value + epsilon))) / all,
  }
}
