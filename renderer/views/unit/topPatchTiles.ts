import type { TopPatch, UnitActivations } from '#shared/domain/unit.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { filterOf } from '../../filters/paintFilters.ts'
import { tileNumbers, type TileSheet } from '../../components/filters/tilePicture.ts'
import type { NamedColumns } from '../../format/csv.ts'
import { centrePatch } from './centrePatch.ts'

type TopPatches = Pick<UnitActivations, 'top' | 'topPatches'>

const rowsOf = ({ top }: TopPatches): number[] => top.map((_, row) => row)

/** Each black and white at its own least and largest value, as on the page. */
export function topPatchTiles(shown: TopPatches, shape: FilterShape): TileSheet {
  const order = rowsOf(shown)
  const values = new Float32Array(shown.topPatches.length)
  for (const row of order)
    values.set(centrePatch(filterOf(shown.topPatches, shape, row)), row * shape.visible)
  return { values, shape, order, peak: null, nameOf: (row) => `Patch ${row + 1}` }
}

/**
 * A row a patch: where it comes from, how active it makes the unit, and its values as the network sees them.
 * @param fileOf  name of the image that a patch was cut from; empty where it has none
 */
export function topPatchNumbers(
  shown: TopPatches,
  shape: FilterShape,
  fileOf: (patch: TopPatch) => string,
): NamedColumns {
  const { top, topPatches } = shown
  const known = {
    head: ['rank', 'row', 'activation', 'image', 'left', 'top', 'mean', 'deviation'],
    columns: [
      top.map(({ rank }) => rank),
      // From 1, as units and iterations are counted in every other file.
      top.map(({ row }) => row + 1),
      top.map(({ activation }) => activation),
      top.map(fileOf),
      top.map(({ position }) => position?.x ?? ''),
      top.map(({ position }) => position?.y ?? ''),
      top.map(({ mean }) => mean),
      top.map(({ deviation }) => deviation),
    ],
  }
  return tileNumbers(known, topPatches, shape, rowsOf(shown), 'x')
}
