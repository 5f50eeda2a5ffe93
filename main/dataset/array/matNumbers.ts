import { elementTypes } from '#main/export/weights/matElements.ts'
import { numberTypes, type NumberType } from './numberTypes.ts'

/** How numbers are stored, which may be narrower than the array's class: MATLAB keeps whole doubles as bytes. */
export const matNumbers: Record<number, NumberType | undefined> = {
  [elementTypes.int8]: numberTypes.int8,
  [elementTypes.uint8]: numberTypes.uint8,
  [elementTypes.int16]: numberTypes.int16,
  [elementTypes.uint16]: numberTypes.uint16,
  [elementTypes.int32]: numberTypes.int32,
  [elementTypes.uint32]: numberTypes.uint32,
  [elementTypes.single]: numberTypes.float32,
  [elementTypes.double]: numberTypes.float64,
  [elementTypes.int64]: numberTypes.int64,
  [elementTypes.uint64]: numberTypes.uint64,
}

interface MatClass {
  name: string
  isNumeric: boolean
  /** From pixels as whole numbers to [0, 1]. */
  scale: number
}

const other = (name: string): MatClass => ({ name, isNumeric: false, scale: 1 })
const numeric = (name: string, { scale }: { scale: number } = { scale: 1 }): MatClass => ({
  name,
  isNumeric: true,
  scale,
})

/** Classes of arrays by their number. @see MathWorks, MAT-File Format, table 1-3 */
export const matClasses: Record<number, MatClass | undefined> = {
  1: other('cell'),
  2: other('struct'),
  3: other('object'),
  4: other('char'),
  5: other('sparse'),
  6: numeric('double'),
  7: numeric('single'),
  8: numeric('int8'),
  9: numeric('uint8', numberTypes.uint8),
  10: numeric('int16'),
  11: numeric('uint16', numberTypes.uint16),
  12: numeric('int32'),
  13: numeric('uint32'),
  14: numeric('int64'),
  15: numeric('uint64'),
}
