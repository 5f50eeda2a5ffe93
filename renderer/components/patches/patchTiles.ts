import type { NamedColumns } from '../../format/csv.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { tileNumbers, type TileSheet } from '../filters/tilePicture.ts'
import type { ValueRange } from './patchSheet.ts'

const rows = (count: number): number[] => Array.from({ length: count }, (_, row) => row)

/** The first patches, drawn between black and white as on the page. @param patches rows × n, row-major */
export function patchTiles(
  patches: Float32Array,
  count: number,
  shape: FilterShape,
  { black, white }: ValueRange,
): TileSheet {
  const middle = (black + white) / 2
  return {
    values: patches.map((value) => value - middle),
    shape,
    order: rows(count),
    peak: Math.max(0, (white - black) / 2),
    ground: '#ffffff',
    nameOf: (row) => `Patch ${row + 1}`,
  }
}

/** A row a patch: its values. */
export function patchNumbers(patches: Float32Array, count: number, shape: FilterShape): NamedColumns {
  const order = rows(count)
  return tileNumbers({ head: ['patch'], columns: [order.map((row) => row + 1)] }, patches, shape, order, 'x')
}
