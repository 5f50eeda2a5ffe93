import { computed, shallowRef, watch } from 'vue'
import { inPixels, type Whitening } from '#shared/filters/pixelFilters.ts'
import { unwhiten } from '#shared/filters/unwhiten.ts'
import { useFilterChoices } from './useFilterChoices.ts'
import { callOrShow } from '../ipc/call.ts'
import { useDatasets } from '../stores/datasets.ts'

/** Datasets never change; a handful is what one looks at. */
const whitenings = new Map<number, Promise<Whitening | null | undefined>>()
const mostWhitenings = 8

function readWhitening(datasetId: number): Promise<Whitening | null | undefined> {
  let whitening = whitenings.get(datasetId)
  if (!whitening) {
    whitenings.set(datasetId, (whitening = callOrShow('datasets.whitening', datasetId)))
    const [oldest] = whitenings.keys()
    if (whitenings.size > mostWhitenings) whitenings.delete(oldest)
  }
  return whitening
}

/**
 * Filters of a run as they are to be drawn: as the network has them, or where its patches are whitened and pixels are
 * chosen, as what they look for in pixels.
 * @param datasetId of the run; null until it is known
 */
export function usePixelSpace(datasetId: () => number | null) {
  const datasets = useDatasets()
  const { space } = useFilterChoices()
  const isWhitened = computed(() => datasets.isWhitened(datasetId() ?? -1))
  const known = shallowRef<Whitening | null>(null)
  watch(
    () => (isWhitened.value && space.value === 'pixels' ? datasetId() : null),
    async (id) => {
      if (id === null) return
      const read = await readWhitening(id)
      if (id === datasetId()) known.value = read ?? null
    },
    { immediate: true },
  )
  /** null until it is there, and where nothing is to be turned. */
  const whitening = computed(() => (isWhitened.value && space.value === 'pixels' ? known.value : null))
  /** Filters, count × n: themselves until the whitening is there. */
  const toDrawn = computed(() => (filters: Float32Array) => inPixels(filters, whitening.value))
  /** A column of the decoder, length n: what it adds to a patch. */
  const toAdded = computed(
    () => (column: Float32Array) => (whitening.value === null ? column : unwhiten(column, whitening.value)),
  )
  /** What is drawn, for captions; empty where there is only one space. */
  const spaceName = computed(() =>
    isWhitened.value ? (whitening.value === null ? 'whitened' : 'in pixels') : '',
  )
  return { isWhitened, whitening, toDrawn, toAdded, spaceName }
}
