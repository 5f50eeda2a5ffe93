import { shallowReactive, watch } from 'vue'
import type { PatchVariances } from '#shared/ipc/contract.ts'
import { call } from '../ipc/call.ts'

/** Patches never change, and what a run holds out neither: each is asked for once. */
const variances = shallowReactive(new Map<number, PatchVariances>())
const asked = new Set<number>()

/**
 * Variances of the patches of runs.
 * @returns by the run's id; one whose patches are not here stays without
 */
export function useVariances(runIds: () => readonly number[]): ReadonlyMap<number, PatchVariances> {
  async function ask(runId: number): Promise<void> {
    if (asked.has(runId)) return
    asked.add(runId)
    try {
      variances.set(runId, await call('runs.variances', runId))
    } catch {
      // A run from a bundle may have no patches here: its share stays a dash.
    }
  }
  watch(runIds, (ids) => ids.forEach((id) => void ask(id)), { immediate: true })
  return variances
}
