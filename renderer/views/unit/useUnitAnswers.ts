import type { RunDetail } from '#shared/domain/run.ts'
import { useFilterChoices } from '../../composables/useFilterChoices.ts'
import { useAnswer } from '../../composables/useAnswer.ts'
import { call } from '../../ipc/call.ts'
import { usePatchImages } from './usePatchImages.ts'

/**
 * What main works out about a hidden unit, and the images to show with it.
 * @param unit      index from 0
 * @param iteration where the shown weights are from
 */
export function useUnitAnswers(
  runId: number,
  unit: () => number,
  iteration: () => number,
  run: () => RunDetail,
) {
  const { space } = useFilterChoices()
  const question = () => ({ unit: unit(), iteration: iteration() })
  const drawn = () => ({ ...question(), space: space.value })
  const activations = useAnswer(question, (q) => call('units.activations', runId, q.unit, q.iteration))
  const gabor = useAnswer(drawn, (q) => call('units.gabor', runId, q.unit, q.iteration, q.space))
  const matches = useAnswer(drawn, (q) => call('units.matches', runId, q.unit, q.iteration, q.space))
  const history = useAnswer(
    () => ({ unit: unit(), kept: run().snapshots.length, status: run().status }),
    (q) => call('units.history', runId, q.unit),
  )
  const { imageOf } = usePatchImages(
    () => run().datasetId,
    () => activations.value.value?.top ?? [],
  )
  return { activations, gabor, matches, history, imageOf }
}
