import { computed, type Ref } from 'vue'
import type { RunDetail } from '#shared/domain/run.ts'
import { useAnswer } from '../../composables/useAnswer.ts'
import { call } from '../../ipc/call.ts'
import { usePatchImages } from './usePatchImages.ts'

/**
 * What main works out about a hidden unit, and the images to show with it.
 * @param unit      index from 0
 * @param iteration where the shown weights are from; null before there are any
 */
export function useUnitAnswers(
  runId: number,
  unit: () => number,
  iteration: Readonly<Ref<number | null>>,
  run: Readonly<Ref<RunDetail | null>>,
) {
  const question = () => (iteration.value === null ? null : { unit: unit(), iteration: iteration.value })
  const activations = useAnswer(question, (q) => call('units.activations', runId, q.unit, q.iteration))
  const gabor = useAnswer(question, (q) => call('units.gabor', runId, q.unit, q.iteration))
  const matches = useAnswer(question, (q) => call('units.matches', runId, q.unit, q.iteration))
  const kept = computed(() => run.value?.snapshots.length ?? 0)
  const history = useAnswer(
    () => (iteration.value === null ? null : { unit: unit(), kept: kept.value, status: run.value?.status }),
    (q) => call('units.history', runId, q.unit),
  )
  const { imageOf } = usePatchImages(
    computed(() => run.value?.datasetId ?? null),
    computed(() => activations.value.value?.top ?? []),
  )
  return { activations, gabor, matches, history, imageOf }
}
