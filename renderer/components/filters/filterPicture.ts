import type { ShownFilters } from '../../composables/useSnapshot.ts'
import type { NamedColumns } from '../../format/csv.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { tileNumbers, type TileSheet } from './tilePicture.ts'

/** What a grid of a run's filters shows. */
export interface FilterSheet {
  filters: Pick<ShownFilters, 'W1' | 'rhoHat'>
  shape: FilterShape
  /** −1 leaves a place empty. */
  order: readonly number[]
  norms: Float32Array
  peak: number | null
}

export const filterTiles = ({ filters, shape, order, peak }: FilterSheet): TileSheet => ({
  values: filters.W1,
  shape,
  order,
  peak,
  nameOf: (unit) => `Unit ${unit + 1}`,
})

/** A row a unit, in the order of the grid: its average activation, norm and weights. */
export function filterNumbers({ filters, shape, order: places, norms }: FilterSheet): NamedColumns {
  const order = places.filter((unit) => unit >= 0)
  const known = {
    head: ['unit', 'rhoHat', 'norm'],
    columns: [
      order.map((unit) => unit + 1),
      order.map((unit) => filters.rhoHat[unit]),
      order.map((unit) => norms[unit]),
    ],
  }
  return tileNumbers(known, filters.W1, shape, order, 'w')
}
