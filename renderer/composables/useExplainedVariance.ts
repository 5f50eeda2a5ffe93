import { computed } from 'vue'
import { isUnderWay, type RunDetail } from '#shared/domain/run.ts'
import type { ExplainedVariance } from '#shared/domain/runRemarks.ts'
import { varianceExplained } from '#shared/model/varianceExplained.ts'
import { useVariances } from './useVariances.ts'

/** What a run that has ended explains of the variance of its patches; nothing while it trains. */
export function useExplainedVariance(run: () => RunDetail) {
  const isEnded = computed(() => !isUnderWay(run().status) && run().reconstruction !== null)
  const variances = useVariances(() => (isEnded.value ? [run().id] : []))
  return computed<ExplainedVariance>(() => {
    const { id, reconstruction, validation } = run()
    const known = isEnded.value ? variances.get(id) : undefined
    const share = (error: number | null, variance: number | null | undefined) =>
      error === null || variance === null || variance === undefined
        ? null
        : varianceExplained(error, variance)
    return { trained: share(reconstruction, known?.trained), heldOut: share(validation, known?.heldOut) }
  })
}
