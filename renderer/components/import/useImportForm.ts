import { computed, shallowRef, watch } from 'vue'
import { defaultSampling, type GeneratorName } from '#shared/domain/dataset.ts'
import type { ArrayChoice, PixelOrder } from '#shared/domain/datasetSource.ts'
import { derivedName } from '#shared/domain/derivedName.ts'
import { useDatasets } from '../../stores/datasets.ts'
import { useImports, type ImportRequest } from '../../stores/imports.ts'
import { parseNumber } from '../form/parseNumber.ts'
import { plainChoice, useOfArray } from './arrayOptions.ts'
import { columnChoice, type ColumnUse } from './columnUses.ts'
import { freeName } from './freeName.ts'
import { generators } from './generators.ts'
import { emptyParameters, readParameters, type ParameterDraft } from './parameterDraft.ts'
import { draftOf, readSamplingDraft, type SamplingDraft } from './samplingDraft.ts'

/** The import dialog's settings, from what it was opened for to what main is asked. */
export function useImportForm() {
  const imports = useImports()
  const datasets = useDatasets()

  const name = shallowRef('')
  /** A name that a person wrote is not replaced by a proposal. */
  const isNameWritten = shallowRef(false)
  const draft = shallowRef<SamplingDraft>(draftOf(defaultSampling))
  const generator = shallowRef<GeneratorName>('natural')
  const parameters = shallowRef<ParameterDraft>({})
  const array = shallowRef<string | null>(null)
  const columns = shallowRef(false)
  /** Each image of a stack is a patch; null for what is usual of its file. */
  const whole = shallowRef<boolean | null>(null)
  const order = shallowRef<PixelOrder | 'seen'>('seen')
  /** Of the columns of a table. */
  const uses = shallowRef<readonly ColumnUse[]>([])
  /** Rows to draw; empty for all. */
  const rows = shallowRef('')

  const look = computed(() => (imports.request?.kind === 'source' ? imports.request.look : null))
  const arrays = computed(() => look.value?.arrays ?? [])
  const isWhole = computed(() => whole.value ?? look.value?.isWhole ?? false)
  /** Finished patches: there is nothing to sample. */
  const isRows = computed(() => {
    const { request } = imports
    if (request?.kind === 'derive') return request.dataset.kind === 'array'
    return request?.kind === 'source' && request.source.kind === 'array'
      ? useOfArray(look.value, array.value) === 'patches' ||
          (useOfArray(look.value, array.value) === 'images' && isWhole.value)
      : false
  })
  const needsArray = computed(() => arrays.value.length > 0 && array.value === null)

  const read = computed(() => readSamplingDraft(draft.value))
  const readParameter = computed(() => readParameters(parameters.value))
  const nameProblem = computed(() => (name.value.trim() ? undefined : 'The dataset needs a name.'))
  const rowsProblem = computed(() => {
    const text = rows.value.trim()
    const count = text === '' ? 1 : parseNumber(text, true)
    return Number.isInteger(count) && count >= 1 ? undefined : 'It must be a whole number, 1 at least.'
  })
  const canStart = computed(
    () =>
      !nameProblem.value &&
      !needsArray.value &&
      read.value.sampling !== null &&
      !rowsProblem.value &&
      (imports.request?.kind !== 'generate' || readParameter.value.parameters !== null),
  )

  function propose(base: string): void {
    if (!isNameWritten.value) name.value = freeName(base, new Set(datasets.summaries.map((one) => one.name)))
  }

  function writeName(written: string): void {
    isNameWritten.value = true
    name.value = written
  }

  function change(next: SamplingDraft): void {
    draft.value = next
    const { request } = imports
    const { sampling } = read.value
    if (request?.kind === 'derive' && sampling) {
      propose(derivedName(request.dataset.name, request.sampling, sampling))
    }
  }

  /** Images are normalised as images usually are; finished patches are left as they are. */
  function chooseArray(chosen: string | null): void {
    array.value = chosen
    normaliseAsUsual()
  }

  function normaliseAsUsual(): void {
    const isSampled = useOfArray(look.value, array.value) === 'images' && !isWhole.value
    draft.value = { ...draft.value, normalisation: isSampled ? 'sigmoid' : 'none' }
  }

  function takeWhole(next: boolean): void {
    whole.value = next
    normaliseAsUsual()
  }

  /** Another generator brings the settings that show what it is for. */
  function chooseGenerator(next: GeneratorName): void {
    generator.value = next
    parameters.value = emptyParameters(next)
    const chosen = generators.find(({ value }) => value === next) ?? generators[0]
    draft.value = draftOf({ ...defaultSampling, ...chosen.sampling })
    propose(chosen.name)
  }

  function open(request: ImportRequest): void {
    isNameWritten.value = false
    columns.value = false
    whole.value = null
    order.value = 'seen'
    rows.value = ''
    uses.value = look.value?.table?.columns.map(({ use }) => use) ?? []
    array.value = null
    draft.value = draftOf(request.sampling)
    if (request.kind === 'generate') {
      generator.value = request.generator
      parameters.value = emptyParameters(request.generator)
      propose(generators.find(({ value }) => value === request.generator)?.name ?? request.generator)
    } else if (request.kind === 'derive') {
      propose(request.dataset.name)
    } else {
      if (request.source.kind === 'array') chooseArray(plainChoice(request.look?.arrays ?? []))
      propose(request.source.name)
    }
  }
  watch(
    () => imports.request,
    (request) => request && open(request),
  )

  function start(): void {
    const { request } = imports
    const { sampling } = read.value
    if (!request || !canStart.value || !sampling) return
    void imports.start(completed(request), name.value.trim(), sampling)
  }

  function completed(request: ImportRequest): ImportRequest {
    if (request.kind === 'generate') {
      const given = readParameter.value.parameters ?? {}
      const told = Object.keys(given).length > 0 ? { parameters: given } : {}
      return { ...request, generator: generator.value, ...told }
    }
    if (request.kind === 'derive' || request.source.kind === 'folder') return request
    const choice: ArrayChoice = {
      ...(array.value !== null && { array: array.value }),
      ...(columns.value && isRows.value && { columns: true }),
      ...(whole.value !== null && { whole: whole.value }),
      ...(order.value !== 'seen' && isRows.value && { order: order.value }),
      ...(look.value?.table && columnChoice(look.value.table, uses.value)),
      ...(isRows.value && rows.value.trim() !== '' && { rows: parseNumber(rows.value, true) }),
    }
    return { ...request, choice }
  }

  return {
    name,
    nameProblem,
    writeName,
    draft,
    read,
    change,
    generator,
    chooseGenerator,
    parameters,
    look,
    array,
    chooseArray,
    columns,
    isWhole,
    takeWhole,
    order,
    uses,
    rows,
    rowsProblem,
    isRows,
    needsArray,
    canStart,
    start,
  }
}
