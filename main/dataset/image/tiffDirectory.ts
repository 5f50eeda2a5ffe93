/** The first image file directory of a TIFF file. */
export interface TiffDirectory {
  /** All values of a tag of whole numbers, or undefined where the tag is missing or unreadable. */
  numbers(tag: number): number[] | undefined
  /** The first value of such a tag. */
  number(tag: number): number | undefined
}

const sizeOfType: Record<number, number> = { 1: 1, 3: 2, 4: 4 }

/** @returns null where the directory lies outside the bytes. */
export function firstDirectory(view: DataView): TiffDirectory | null {
  if (view.byteLength < 8) return null
  const little = view.getUint8(0) === 0x49
  const start = view.getUint32(4, little)
  if (start + 2 > view.byteLength) return null
  const entries = view.getUint16(start, little)
  if (start + 2 + entries * 12 > view.byteLength) return null

  const numbers = (tag: number): number[] | undefined => {
    for (let entry = 0; entry < entries; entry++) {
      const at = start + 2 + entry * 12
      if (view.getUint16(at, little) !== tag) continue
      return values(at)
    }
    return undefined
  }

  const values = (at: number): number[] | undefined => {
    const size = sizeOfType[view.getUint16(at + 2, little)]
    const count = view.getUint32(at + 4, little)
    if (size === undefined) return undefined
    const from = size * count <= 4 ? at + 8 : view.getUint32(at + 8, little)
    if (from + size * count > view.byteLength) return undefined
    return Array.from({ length: count }, (_, i) => {
      const position = from + i * size
      if (size === 1) return view.getUint8(position)
      return size === 2 ? view.getUint16(position, little) : view.getUint32(position, little)
    })
  }

  return { numbers, number: (tag) => numbers(tag)?.[0] }
}
