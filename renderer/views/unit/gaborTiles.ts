import type { GaborFit } from '#shared/filters/gaborFit.ts'
import type { FilterShape } from '../../filters/filterShape.ts'
import { tileNumbers, type TileSheet } from '../../components/filters/tilePicture.ts'
import type { NamedColumns } from '../../format/csv.ts'

type Pictures = Pick<GaborFit, 'fit' | 'residual'>

const rows = ['fit', 'residual']

/** 2 × n: the fit, and what it leaves of the filter. */
function valuesOf({ fit, residual }: Pictures): Float32Array {
  const values = new Float32Array(fit.length + residual.length)
  values.set(fit)
  values.set(residual, fit.length)
  return values
}

/** Fit and residual side by side on one scale. @param peak its largest absolute value */
export const gaborTiles = (pictures: Pictures, shape: FilterShape, peak: number): TileSheet => ({
  values: valuesOf(pictures),
  shape,
  order: [0, 1],
  peak,
  nameOf: (row) => rows[row],
})

/** A row each for fit and residual: their values. */
export const gaborNumbers = (pictures: Pictures, shape: FilterShape): NamedColumns =>
  tileNumbers({ head: ['picture'], columns: [rows] }, valuesOf(pictures), shape, [0, 1], 'w')
