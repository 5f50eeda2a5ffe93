import { elementTypes } from '#main/export/weights/matElements.ts'

/** How numbers are stored, which may be narrower than the array's class: MATLAB keeps whole doubles as bytes. */
export const matNumbers: Record<number, { itemBytes: number; read(view: DataView, at: number): number }> = {
  [elementTypes.int8]: { itemBytes: 1, read: (view, at) => view.getInt8(at) },
  [elementTypes.uint8]: { itemBytes: 1, read: (view, at) => view.getUint8(at) },
  [elementTypes.int16]: { itemBytes: 2, read: (view, at) => view.getInt16(at, true) },
  [elementTypes.uint16]: { itemBytes: 2, read: (view, at) => view.getUint16(at, true) },
  [elementTypes.int32]: { itemBytes: 4, read: (view, at) => view.getInt32(at, true) },
  [elementTypes.uint32]: { itemBytes: 4, read: (view, at) => view.getUint32(at, true) },
  [elementTypes.single]: { itemBytes: 4, read: (view, at) => view.getFloat32(at, true) },
  [elementTypes.double]: { itemBytes: 8, read: (view, at) => view.getFloat64(at, true) },
  [elementTypes.int64]: { itemBytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  [elementTypes.uint64]: { itemBytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
}

interface MatClass {
  name: string
  isNumeric: boolean
  /** From pixels as whole numbers to [0, 1]. */
  scale?: number
}

const other = (name: string): MatClass => ({ name, isNumeric: false })
const numeric = (name: string, scale?: number): MatClass => ({ name, isNumeric: true, scale })

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
  9: numeric('uint8', 1 / 255),
  10: numeric('int16'),
  11: numeric('uint16', 1 / 65_535),
  12: numeric('int32'),
  13: numeric('uint32'),
  14: numeric('int64'),
  15: numeric('uint64'),
}
