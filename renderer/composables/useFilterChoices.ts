import { z } from 'zod'
import type { FilterSpace } from '#shared/filters/pixelFilters.ts'
import { unitSorts, type UnitSort } from './useUnits.ts'
import { stored } from '../stores/stored.ts'

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
  orientation: 'orientation',
  frequency: 'frequency',
  similarity: 'similarity',
}

const sort = stored<UnitSort>('filters.sort', z.enum(unitSorts), 'index')
const scale = stored<FilterScale>('filters.scale', z.enum(['own', 'shared']), 'own')
const space = stored<FilterSpace>('filters.space', z.enum(['whitened', 'pixels']), 'whitened')

/** How filters are sorted, scaled and, over whitened patches, drawn: chosen once, it holds for every grid. */
export const useFilterChoices = () => ({ sort, scale, space })
