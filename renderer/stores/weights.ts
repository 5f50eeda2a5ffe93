import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { WeightsFile } from '#shared/domain/initialWeights.ts'
import type { ImportWeights, Source } from '#shared/ipc/contract.ts'
import { call, callOrShow, showError } from '../ipc/call.ts'
import { useNavigation } from './navigation.ts'
import { useRuns } from './runs.ts'
import { useToasts } from './toasts.ts'

/** A file of weights that was chosen or dropped. */
export interface ChosenWeights extends WeightsFile {
  source: Source
}

/** Files of weights: taken in as runs, or what a new run starts from. */
export const useWeights = defineStore('weights', () => {
  /** What the import dialog is open for. */
  const request = shallowRef<ChosenWeights | null>(null)
  const isBusy = shallowRef(false)
  const isCancelling = shallowRef(false)
  const problem = shallowRef<string | null>(null)
  /** Dropped while the new-run form is open, which takes it to start from. */
  const latest = shallowRef<ChosenWeights | null>(null)

  /** @returns null where the file holds arrays, but no weights */
  async function look(source: Source): Promise<ChosenWeights | null> {
    const file = await call('weights.look', source.token)
    return file && { ...file, source }
  }

  /** Asks for a file; null where the user cancelled or it holds no weights. */
  async function choose(): Promise<ChosenWeights | null> {
    try {
      const source = await call('sources.choose', 'weights')
      if (!source) return null
      const chosen = await look(source)
      if (!chosen) throw new Error(`${source.name} holds no W1, W2, b1 and b2. Choose exported weights.`)
      return chosen
    } catch (error) {
      showError(error)
      return null
    }
  }

  function open(weights: ChosenWeights): void {
    problem.value = null
    request.value = weights
  }

  /** Dropped weights go to the form that is open for a new run, else into the library. */
  function take(weights: ChosenWeights): void {
    if (useNavigation().route.view === 'newRun') latest.value = weights
    else open(weights)
  }

  async function chooseToImport(): Promise<void> {
    const weights = await choose()
    if (weights) open(weights)
  }

  function close(): void {
    if (!isBusy.value) request.value = null
  }

  /** Takes them in as a run and shows it, or says in the dialog why not. */
  async function start(asked: ImportWeights): Promise<void> {
    isBusy.value = true
    problem.value = null
    try {
      const run = await call('weights.import', asked)
      request.value = null
      useRuns().put(run)
      useNavigation().go({ view: 'run', runId: run.id })
      useToasts().done(`Imported “${run.name}”`)
    } catch (error) {
      problem.value = isCancelling.value ? null : error instanceof Error ? error.message : String(error)
    } finally {
      isBusy.value = false
      isCancelling.value = false
    }
  }

  async function cancel(): Promise<void> {
    isCancelling.value = true
    if (!(await callOrShow('transfers.cancel', 'weights'))) isCancelling.value = false
  }

  return {
    request,
    isBusy,
    isCancelling,
    problem,
    latest,
    look,
    choose,
    take,
    chooseToImport,
    close,
    start,
    cancel,
  }
})
