import { shallowRef } from 'vue'
import type { FilterSpace } from '#shared/filters/pixelFilters.ts'
import type { UnitSort } from '../../composables/useUnits.ts'

export type FilterScale = 'own' | 'shared'

export const filterScales = [
  { value: 'own', label: 'Own scale' },
  { value: 'shared', label: 'Shared scale' },
] as const satisfies readonly { value: FilterScale; label: string }[]

export const filterSpaceChoices = [
  { value: 'whitened', label: 'Whitened' },
  { value: 'pixels', label: 'Pixels' },
] as const satisfies readonly { value: FilterSpace; label: string }[]

export const sortNames: Record<UnitSort, string> = {
  index: 'unit',
  rhoHat: 'average activation',
  norm: 'weight norm',
}

const sort = shallowRef<UnitSort>('index')
const scale = shallowRef<FilterScale>('own')
const space = shallowRef<FilterSpace>('whitened')

/** How filters are sorted, scaled and, over whitened patches, drawn: chosen once, it holds for every grid until the window closes. */
export const useFilterChoices = () => ({ sort, scale, space })
