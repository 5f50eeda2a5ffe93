import { computed, shallowRef, type Ref } from 'vue'
import { activeShare } from '#shared/model/activations.ts'
import { hasTarget } from '#shared/model/penalties.ts'
import { useFilterChoices } from './useFilterChoices.ts'
import { filterShape } from '../filters/filterShape.ts'
import { useLiveRun } from '../stores/liveRun.ts'
import { usePixelSpace } from './usePixelSpace.ts'
import { useSnapshot } from './useSnapshot.ts'
import { useUnits } from './useUnits.ts'

/** One of the runs that are compared: its letter and colour, its curves, its filters at the common iteration. */
export function useComparedRun(
  runId: number,
  mark: { letter: string; series: number },
  picked: Readonly<Ref<number | null>>,
) {
  const { sort } = useFilterChoices()
  const live = useLiveRun(runId)
  const { shown, error: snapshotError } = useSnapshot(live, runId, picked)
  const unit = shallowRef<number | null>(null)
  const isPointing = shallowRef(false)

  const { isWhitened, whitening, spaceName, toDrawn } = usePixelSpace(
    () => live.detail.value?.datasetId ?? null,
  )
  /** The shown filters as they are drawn, h × n. */
  const drawn = computed(() => shown.value && toDrawn.value(shown.value.W1))
  const shape = computed(() => (live.detail.value === null ? null : filterShape(live.detail.value)))
  const { norms, order } = useUnits(shown, sort, isPointing, shape)
  const done = computed(() => {
    const { iteration, count } = live.columns.value
    return Math.max(
      0,
      iteration[count - 1] ?? 0,
      live.weights.value?.iteration ?? 0,
      live.detail.value?.iterations ?? 0,
    )
  })
  /** ρ̂ of every unit as a share of active; null before there are filters. */
  const shares = computed(() => {
    const { activation } = live.detail.value?.config ?? {}
    return activation === undefined || shown.value === null
      ? null
      : shown.value.rhoHat.map((value) => activeShare(activation, value))
  })
  const target = computed(() => {
    const config = live.detail.value?.config
    return config && hasTarget(config) ? config.rho : null
  })
  const error = computed(() => live.error.value ?? snapshotError.value)

  return {
    runId,
    ...mark,
    detail: live.detail,
    columns: live.columns,
    error,
    isRemoved: live.isRemoved,
    shown,
    drawn,
    isWhitened,
    whitening,
    spaceName,
    shape,
    norms,
    order,
    unit,
    isPointing,
    done,
    shares,
    target,
  }
}
export type ComparedRunState = ReturnType<typeof useComparedRun>
