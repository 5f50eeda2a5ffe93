import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import {
  defaultSampling,
  type DatasetDetail,
  type DatasetSummary,
  type GeneratorName,
  type ImportProgress,
  type Sampling,
} from '#shared/domain/dataset.ts'
import type { ArrayChoice, FileLook } from '#shared/domain/datasetSource.ts'
import type { GeneratorParameters } from '#shared/domain/generators.ts'
import type { Source } from '#shared/ipc/contract.ts'
import { call, callOrShow, showError, unwrap } from '../ipc/call.ts'
import { useBundles } from './bundles.ts'
import { useDatasets } from './datasets.ts'
import { useNavigation } from './navigation.ts'
import { useWeights } from './weights.ts'

/** What the import dialog is open for, and what its form starts from. */
export type ImportRequest =
  | {
      kind: 'source'
      source: Source
      sampling: Sampling
      /** What is in a file of arrays; null for a folder. */
      look: FileLook | null
      choice?: ArrayChoice
    }
  | { kind: 'generate'; generator: GeneratorName; sampling: Sampling; parameters?: GeneratorParameters }
  | { kind: 'derive'; dataset: DatasetDetail; sampling: Sampling }

/** How a dataset was sampled, as far as it is known. */
function samplingOf(dataset: DatasetDetail): Sampling {
  const { recipe, patchSize, patches, channels, normalisation, seed } = dataset
  return recipe?.sampling ?? { patchSize: patchSize ?? 8, patches, channels, normalisation, seed }
}

/** The one import or generation: from the choice of images to the dataset's page. */
export const useImports = defineStore('imports', () => {
  const request = shallowRef<ImportRequest | null>(null)
  const isBusy = shallowRef(false)
  const isCancelling = shallowRef(false)
  const progress = shallowRef<ImportProgress | null>(null)
  /** The dataset that was made last. */
  const latestId = shallowRef<number | null>(null)
  /** Why the last try ended without a dataset. */
  const problem = shallowRef<string | null>(null)

  function open(next: ImportRequest): void {
    if (isBusy.value) return
    problem.value = null
    request.value = next
  }

  function close(): void {
    if (!isBusy.value) request.value = null
  }

  /** Opens the dialog on a source; a file says first whether it holds weights, and which arrays are in it. */
  async function openSource(source: Source): Promise<void> {
    const weights = source.kind === 'folder' ? null : await useWeights().look(source)
    if (weights) return useWeights().take(weights)
    const look = source.kind === 'array' ? await call('datasets.look', source.token) : null
    open({ kind: 'source', source, sampling: defaultSampling, look })
  }

  /** Asks for a folder (or an array file) and opens the dialog on it. */
  async function choose(what: 'folder' | 'array'): Promise<void> {
    if (isBusy.value) return
    try {
      const source = await call('sources.choose', what)
      if (source) await openSource(source)
    } catch (error) {
      showError(error)
    }
  }

  /** Opens the dialog on what was dropped on the window. */
  async function drop(files: readonly File[]): Promise<void> {
    if (isBusy.value) return
    try {
      if (files.length !== 1) throw new Error('Drop one folder or file at a time.')
      const source = unwrap(await window.lab.sourceFromDrop(files[0]))
      await (source.kind === 'bundle' ? useBundles().open(source) : openSource(source))
    } catch (error) {
      showError(error)
    }
  }

  function generate(generator: GeneratorName = 'natural', sampling = defaultSampling): void {
    open({ kind: 'generate', generator, sampling })
  }

  /** Opens the dialog to make another dataset from the same source. */
  function derive(dataset: DatasetDetail): void {
    open({ kind: 'derive', dataset, sampling: samplingOf(dataset) })
  }

  function perform(asked: ImportRequest, name: string, sampling: Sampling): Promise<DatasetSummary> {
    switch (asked.kind) {
      case 'source':
        return call('datasets.import', asked.source.token, name, sampling, asked.choice)
      case 'generate':
        return call('datasets.generate', asked.generator, name, sampling, asked.parameters)
      case 'derive':
        return call('datasets.derive', asked.dataset.id, name, sampling)
    }
  }

  /** Imports or generates; shows the dataset, or says in the dialog why there is none. */
  async function start(asked: ImportRequest, name: string, sampling: Sampling): Promise<void> {
    isBusy.value = true
    isCancelling.value = false
    progress.value = null
    problem.value = null
    try {
      const dataset = await perform(asked, name, sampling)
      request.value = null
      await useDatasets().refresh()
      latestId.value = dataset.id
      const navigation = useNavigation()
      // The new-run form takes it; a person who was filling that in stays there.
      if (navigation.route.view !== 'newRun') navigation.go({ view: 'dataset', id: dataset.id })
    } catch (error) {
      problem.value = isCancelling.value ? null : error instanceof Error ? error.message : String(error)
    } finally {
      isBusy.value = false
      isCancelling.value = false
      progress.value = null
    }
  }

  async function cancel(): Promise<void> {
    isCancelling.value = true
    await callOrShow('datasets.cancel')
  }

  function follow(now: ImportProgress): void {
    progress.value = now
  }

  return {
    request,
    isBusy,
    isCancelling,
    progress,
    latestId,
    problem,
    open,
    close,
    choose,
    drop,
    generate,
    derive,
    start,
    cancel,
    follow,
  }
})
