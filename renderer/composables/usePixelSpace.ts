import { computed, shallowRef, watch } from 'vue'
import { pixelFilters } from '#shared/filters/pixelFilters.ts'
import { useFilterChoices } from '../components/filters/filterChoices.ts'
import { callOrShow } from '../ipc/call.ts'
import { useDatasets } from '../stores/datasets.ts'

/** Datasets never change; a handful is what one looks at. */
const matrices = new Map<number, Promise<Float32Array | null | undefined>>()
const mostMatrices = 8

function readWhitening(datasetId: number): Promise<Float32Array | null | undefined> {
  let matrix = matrices.get(datasetId)
  if (!matrix) {
    matrices.set(datasetId, (matrix = callOrShow('datasets.whitening', datasetId)))
    const [oldest] = matrices.keys()
    if (matrices.size > mostMatrices) matrices.delete(oldest)
  }
  return matrix
}

/**
 * Filters of a run as they are to be drawn: as the network has them, or where its patches are whitened and pixels are
 * chosen, as what they look for in pixels.
 * @param datasetId of the run; null until it is known
 */
export function usePixelSpace(datasetId: () => number | null) {
  const datasets = useDatasets()
  const { space } = useFilterChoices()
  const isWhitened = computed(() => {
    const kind = datasets.byId.get(datasetId() ?? -1)?.normalisation.kind
    return kind === 'zca' || kind === 'pca'
  })
  const matrix = shallowRef<Float32Array | null>(null)
  watch(
    () => (isWhitened.value && space.value === 'pixels' ? datasetId() : null),
    async (id) => {
      if (id === null) return
      const read = await readWhitening(id)
      if (id === datasetId()) matrix.value = read ?? null
    },
    { immediate: true },
  )
  /** The filters themselves, count × n, until the matrix is there. */
  const toDrawn = computed(() => {
    const whitening = isWhitened.value && space.value === 'pixels' ? matrix.value : null
    return (filters: Float32Array): Float32Array =>
      whitening === null ? filters : pixelFilters(filters, whitening)
  })
  return { isWhitened, toDrawn }
}
