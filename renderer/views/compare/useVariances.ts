import { shallowReactive, watch } from 'vue'
import { call } from '../../ipc/call.ts'

/**
 * Variance of the patches of datasets, each asked for once.
 * @returns by the dataset's id; one whose patches are not here stays without
 */
export function useVariances(datasetIds: () => readonly number[]): ReadonlyMap<number, number> {
  const variances = shallowReactive(new Map<number, number>())
  const asked = new Set<number>()

  async function ask(datasetId: number): Promise<void> {
    if (asked.has(datasetId)) return
    asked.add(datasetId)
    try {
      variances.set(datasetId, await call('datasets.variance', datasetId))
    } catch {
      // A run from a bundle may have no patches here: its share stays a dash.
    }
  }
  watch(datasetIds, (ids) => ids.forEach((id) => void ask(id)), { immediate: true })
  return variances
}
