/** Types of values in IDX files: bytes each, and how one is read. */
export const idxTypes: Record<
  number,
  { name: string; itemBytes: number; read(view: DataView, at: number): number }
> = {
  0x08: { name: 'uint8', itemBytes: 1, read: (view, at) => view.getUint8(at) },
  0x09: { name: 'int8', itemBytes: 1, read: (view, at) => view.getInt8(at) },
  0x0b: { name: 'int16', itemBytes: 2, read: (view, at) => view.getInt16(at) },
  0x0c: { name: 'int32', itemBytes: 4, read: (view, at) => view.getInt32(at) },
  0x0d: { name: 'float32', itemBytes: 4, read: (view, at) => view.getFloat32(at) },
  0x0e: { name: 'float64', itemBytes: 8, read: (view, at) => view.getFloat64(at) },
}

export const unsignedBytes = 0x08
/** Up to the first length. */
export const idxMagicBytes = 4
const mostDimensions = 8

/** How many dimensions an IDX file has, by its first four bytes; null where it is none. */
export function idxDimensions(start: Uint8Array): number | null {
  const [zero, alsoZero, type, dimensions] = start
  const isIdx =
    start.length >= idxMagicBytes &&
    zero === 0 &&
    alsoZero === 0 &&
    idxTypes[type] !== undefined &&
    dimensions >= 1 &&
    dimensions <= mostDimensions
  return isIdx ? dimensions : null
}
