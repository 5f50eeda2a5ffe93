import { computed, shallowRef, watch } from 'vue'
import { candidateOf } from '#shared/domain/candidates.ts'
import { proposeFirstIterations } from '#shared/domain/halving.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { planSweep, type PlannedRun } from '#shared/domain/planSweep.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import {
  defaultMeasure,
  sweepParameters,
  sweepSchema,
  type Sweep,
  type SweepMeasure,
  type SweepParameter,
} from '#shared/domain/sweep.ts'
import { isUsed } from '#shared/settings/runSettings.ts'
import { certainNumber } from '../form/parseNumber.ts'
import type { RunForm } from '../newRun/useRunForm.ts'
import { useDatasets } from '../../stores/datasets.ts'
import { useQueue } from '../../stores/queue.ts'
import { useRuns } from '../../stores/runs.ts'
import { estimateMs, runsSideBySide, workShare } from './estimate.ts'
import { datasetIds, proposeAxis, readAxis, type AxisDraft } from './sweepDraft.ts'

interface Plan {
  sweep: Sweep
  runs: PlannedRun[]
  candidates: number
}

/** What a sweep form means: the runs that it would start, or the sentence that says why it cannot. */
export function useSweepForm(form: RunForm) {
  const axes = shallowRef<readonly AxisDraft[]>([proposeAxis('rho'), proposeAxis('lambda')])
  const strategy = shallowRef<'grid' | 'random'>('grid')
  const draws = shallowRef('20')
  const drawSeed = shallowRef('1')
  const repeats = shallowRef('1')
  const isHalving = shallowRef<'off' | 'on'>('off')
  const eta = shallowRef('3')
  /** Empty: proposed from the number of configurations. */
  const firstIterations = shallowRef('')
  /** null until a person chooses one. */
  const ownMeasure = shallowRef<SweepMeasure | null>(null)
  const name = shallowRef('')

  const parameters = computed(() => axes.value.map(({ parameter }) => parameter))
  const base = computed(() => form.read.value.config)
  const measure = computed({
    get: () => ownMeasure.value ?? defaultMeasure(base.value ?? { validation: 0 }, parameters.value),
    set: (chosen) => (ownMeasure.value = chosen),
  })
  /** Settings that a further axis could vary. */
  const free = computed(() => {
    const hasDatasets = useDatasets().summaries.length > 1
    return sweepParameters.filter(
      (parameter) =>
        !parameters.value.includes(parameter) &&
        (parameter === 'dataset' ? hasDatasets : isUsed(parameter, form.draft.value)),
    )
  })

  function planOf(base: RunConfig): Plan {
    const asked = {
      base,
      axes: axes.value.map(readAxis),
      strategy:
        strategy.value === 'grid'
          ? { kind: 'grid' }
          : {
              kind: 'random',
              count: certainNumber(draws.value, true),
              seed: certainNumber(drawSeed.value, true),
              streams: base.streams,
            },
      halving: null,
      repeats: certainNumber(repeats.value, true),
      measure: measure.value,
    }
    const whole = parsed(asked)
    const candidates = new Set(planSweep(whole).map((run) => candidateOf(run, whole))).size
    if (isHalving.value === 'off') return { sweep: whole, runs: planSweep(whole), candidates }
    const first =
      firstIterations.value.trim() === ''
        ? proposeFirstIterations(certainNumber(eta.value, true), candidates, base.iterations)
        : certainNumber(firstIterations.value, true)
    const sweep = parsed({
      ...asked,
      halving: { eta: certainNumber(eta.value, true), firstIterations: first, careful: true },
    })
    return { sweep, runs: planSweep(sweep), candidates }
  }

  const plan = computed<Plan | string>(() => {
    if (form.obstacle.value !== null || !base.value) return form.obstacle.value ?? 'Mend the settings below.'
    try {
      return planOf(base.value)
    } catch (error) {
      return toErrorReply(error).message
    }
  })
  const obstacle = computed(() => (typeof plan.value === 'string' ? plan.value : null))
  const ready = computed(() => (typeof plan.value === 'string' ? null : plan.value))
  /** How many runs gain by being trained at the same time. */
  const sideBySide = computed(() => runsSideBySide(ready.value?.runs ?? [], useQueue().state))
  const estimate = computed(() => {
    const datasetId = form.datasetId.value
    if (!ready.value || datasetId === null) return null
    const { sweep, runs, candidates } = ready.value
    const share = workShare(sweep.halving, sweep.base.iterations, candidates)
    const inTurn = estimateMs(runs, datasetId, useRuns().summaries, share)
    return inTurn === null ? null : inTurn / sideBySide.value
  })

  const setAxis = (at: number, change: Partial<AxisDraft>): void =>
    void (axes.value = axes.value.with(at, { ...axes.value[at], ...change }))
  // A sweep over datasets is listed under the first of them, whose size the form goes by.
  watch(axes, () => {
    const [first] = datasetIds(axes.value.find(({ parameter }) => parameter === 'dataset')?.list ?? '')
    if (first !== undefined) form.datasetId.value = first
  })

  const propose = (parameter: SweepParameter): AxisDraft =>
    proposeAxis(parameter, useDatasets().summaries, form.datasetId.value)
  const setParameter = (at: number, parameter: SweepParameter): void =>
    void (axes.value = axes.value.with(at, propose(parameter)))
  const addAxis = (): void => void (axes.value = [...axes.value, propose(free.value[0])])
  const removeAxis = (at: number): void => void (axes.value = axes.value.toSpliced(at, 1))

  /** What sweeps.start takes, or null while something is wrong. */
  function request() {
    const datasetId = form.datasetId.value
    if (!ready.value || datasetId === null) return null
    return { datasetId, name: name.value.trim(), sweep: ready.value.sweep }
  }

  return {
    axes,
    strategy,
    draws,
    drawSeed,
    repeats,
    isHalving,
    eta,
    firstIterations,
    measure,
    name,
    parameters,
    free,
    obstacle,
    ready,
    estimate,
    sideBySide,
    setAxis,
    setParameter,
    addAxis,
    removeAxis,
    request,
  }
}
export type SweepForm = ReturnType<typeof useSweepForm>

/** @throws Error with the first thing wrong as its message */
function parsed(asked: unknown): Sweep {
  const { success, data, error } = sweepSchema.safeParse(asked)
  if (success) return data
  throw new Error(error.issues[0].message)
}
