import { computed, shallowRef, watch, type Ref } from 'vue'
import { weightsMisfit } from '#shared/domain/initialWeights.ts'
import type { Activation, Decoder } from '#shared/domain/runConfig.ts'
import type { InitialWeightsChoice } from '#shared/ipc/contract.ts'
import { useRuns } from '../../stores/runs.ts'
import { useWeights, type ChosenWeights } from '../../stores/weights.ts'

export type StartKind = 'random' | 'file' | 'run'

/** What the form needs to know of weights to start from, whatever they come from. */
export interface StartingWeights {
  /** For messages and the summary. */
  name: string
  visible: number
  hidden: number
  functions: { activation: Activation; decoder: Decoder } | null
  choice: InitialWeightsChoice
}

/**
 * What a new run starts from: random weights, a file, or a run's snapshot.
 * @param onChoose is told of other weights, whose size the form takes over
 */
export function useStartingWeights(onChoose: (weights: StartingWeights) => void) {
  const runs = useRuns()
  const store = useWeights()
  const kind = shallowRef<StartKind>('random')
  const file = shallowRef<ChosenWeights | null>(null)
  const runId = shallowRef<number | null>(null)
  /** null: the newest weights. */
  const iteration = shallowRef<number | null>(null)

  function ofFile({ source, visible, hidden, config }: ChosenWeights): StartingWeights {
    const choice = { kind: 'file', token: source.token } as const
    const name = source.displayPath.split(/[\\/]/).at(-1) ?? source.name
    return { name, visible, hidden, functions: config, choice }
  }

  function ofRun(id: number): StartingWeights | null {
    const run = runs.byId.get(id)
    if (!run) return null
    const at = iteration.value === null ? '' : ` at iteration ${iteration.value}`
    return {
      name: `${run.name}${at}`,
      visible: run.visible,
      hidden: run.config.hidden,
      functions: run.config,
      choice: { kind: 'run', runId: id, iteration: iteration.value },
    }
  }

  const chosen = computed<StartingWeights | null>(() => {
    if (kind.value === 'file') return file.value && ofFile(file.value)
    return kind.value === 'run' && runId.value !== null ? ofRun(runId.value) : null
  })

  function takeFile(weights: ChosenWeights): void {
    kind.value = 'file'
    file.value = weights
    onChoose(ofFile(weights))
  }

  async function chooseFile(): Promise<void> {
    const weights = await store.choose()
    if (weights) takeFile(weights)
  }

  function chooseRun(id: number): void {
    runId.value = id
    iteration.value = null
    const weights = ofRun(id)
    if (weights) onChoose(weights)
  }

  // What is dropped while the form is open is meant for it.
  watch(
    () => store.latest,
    (weights) => weights && takeFile(weights),
  )

  return { kind, file, runId, iteration, chosen, chooseFile, chooseRun }
}

/** Why the run cannot start from these, or null. */
export function startObstacle(
  { kind, chosen }: { kind: Ref<StartKind>; chosen: Ref<StartingWeights | null> },
  dataset: { name: string; visible: number },
  hidden: number,
): string | null {
  if (kind.value === 'random') return null
  if (!chosen.value) {
    return kind.value === 'file' ? 'Choose a file of weights to start from.' : 'Choose a run to start from.'
  }
  return weightsMisfit(chosen.value.name, chosen.value, { dataset, hidden })
}
