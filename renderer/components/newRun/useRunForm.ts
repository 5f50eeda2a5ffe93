import { computed, shallowRef, watch } from 'vue'
import type { DatasetDetail } from '#shared/domain/dataset.ts'
import { findPreset } from '#shared/domain/presets.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { callOrShow } from '../../ipc/call.ts'
import { useDatasets } from '../../stores/datasets.ts'
import { useImports } from '../../stores/imports.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSettings } from '../../stores/settings.ts'
import { fitRemarks } from './fitRemarks.ts'
import { datasetFor } from './presetMatch.ts'
import { draftOf, readRunDraft, readTags, type RunDraft } from './runDraft.ts'
import { startObstacle, useStartingWeights } from './startingWeights.ts'

/** Where a new run starts from. */
export interface RunFormStart {
  datasetId?: number
  preset?: string
  fromRunId?: number
  /** Start from the weights that the run had there, with a tenth of what made it diverge. */
  fromIteration?: number
}

/** The new-run form: what is written in it, what that means, and what is wrong with it. */
export function useRunForm(start: RunFormStart) {
  const datasets = useDatasets()
  const runs = useRuns()
  const origin = start.fromRunId === undefined ? undefined : runs.byId.get(start.fromRunId)

  const presetId = shallowRef<string | null>(origin ? origin.preset : (start.preset ?? 'edges'))
  const presetConfig = (): RunConfig | undefined => findPreset(presetId.value ?? '')?.config
  const { engine } = useSettings().settings
  const draft = shallowRef<RunDraft>({
    ...draftOf(origin?.config ?? presetConfig() ?? defaultConfig),
    ...(origin ? {} : { engine }),
  })
  const datasetId = shallowRef<number | null>(start.datasetId ?? origin?.datasetId ?? null)
  /** Null until a person writes a name of their own. */
  const ownName = shallowRef<string | null>(null)
  const writtenTags = shallowRef(origin?.tags.join(', ') ?? '')

  const dataset = computed(() =>
    datasetId.value === null ? null : (datasets.byId.get(datasetId.value) ?? null),
  )
  const read = computed(() => readRunDraft(draft.value))
  const isChanged = computed(() => {
    const config = presetConfig()
    return config !== undefined && JSON.stringify(draftOf(config)) !== JSON.stringify(draft.value)
  })

  const proposedName = computed(() => {
    const base = dataset.value?.name ?? 'run'
    const hidden = read.value.config?.hidden
    return hidden === undefined ? base : `${base} h${hidden}`
  })
  const name = computed({
    get: () => ownName.value ?? proposedName.value,
    set: (text) => (ownName.value = text),
  })

  const detail = shallowRef<DatasetDetail | null>(null)
  watch(
    datasetId,
    async (id) => {
      detail.value = null
      if (id === null) return
      const got = await callOrShow('datasets.get', id)
      if (got && datasetId.value === id) detail.value = got
    },
    { immediate: true },
  )

  // Without a choice of one's own: the dataset that the preset was made for, else the newest.
  watch(
    () => [datasets.isLoaded, datasets.summaries.length],
    () => {
      if (dataset.value) return
      const preset = findPreset(presetId.value ?? '')
      const fitting = preset && datasetFor(preset, datasets.summaries)
      datasetId.value = (fitting ?? datasets.summaries[0])?.id ?? null
    },
    { immediate: true },
  )

  // What is imported while the form is open is meant for it.
  const imports = useImports()
  watch(
    () => imports.latestId,
    (id) => (datasetId.value = id),
  )

  const starting = useStartingWeights(({ hidden, functions }) => {
    const { activation, decoder } = functions ?? draft.value
    set({ hidden: String(hidden), activation, decoder })
  })

  if (origin && start.fromIteration !== undefined) {
    starting.kind.value = 'run'
    starting.runId.value = origin.id
    starting.iteration.value = start.fromIteration
    draft.value = draftOf(calmer(origin.config))
    ownName.value = `${origin.name} from ${start.fromIteration}`
  }

  const remarks = computed(() =>
    read.value.config && dataset.value
      ? fitRemarks(read.value.config, dataset.value, detail.value?.statistics ?? null)
      : [],
  )

  /** Why the run cannot start, or null. */
  const obstacle = computed(() => {
    if (!datasets.isLoaded) return 'Reading the library.'
    if (datasets.summaries.length === 0) return 'A run needs a dataset. Import a folder or generate one.'
    if (!dataset.value) return 'Choose a dataset.'
    if (!name.value.trim()) return 'The run needs a name.'
    const [first] = Object.values(read.value.problems)
    if (first !== undefined || !read.value.config) return first ?? null
    return startObstacle(starting, dataset.value, read.value.config.hidden)
  })

  function choosePreset(id: string): void {
    const preset = findPreset(id)
    if (!preset) return
    presetId.value = id
    draft.value = draftOf(preset.config)
    const fitting = datasetFor(preset, datasets.summaries)
    if (fitting && start.datasetId === undefined) datasetId.value = fitting.id
  }

  const set = (change: Partial<RunDraft>): void => void (draft.value = { ...draft.value, ...change })

  /** What runs.start takes, or null while something is wrong. */
  function request() {
    if (obstacle.value || !read.value.config || datasetId.value === null) return null
    return {
      datasetId: datasetId.value,
      config: read.value.config,
      name: name.value.trim(),
      preset: isChanged.value ? null : presetId.value,
      tags: readTags(writtenTags.value),
      ...(starting.chosen.value && { initialWeights: starting.chosen.value.choice }),
    }
  }

  return {
    presetId,
    isChanged,
    draft,
    datasetId,
    dataset,
    name,
    writtenTags,
    read,
    starting,
    remarks,
    obstacle,
    choosePreset,
    set,
    request,
  }
}

export type RunForm = ReturnType<typeof useRunForm>

/** What a run that diverged is told to lower, lowered: L-BFGS chooses its steps itself. */
const calmer = (config: RunConfig): RunConfig =>
  config.optimiser === 'lbfgs'
    ? { ...config, beta: config.beta / 10 }
    : { ...config, learningRate: config.learningRate / 10 }
