import type { ArrayEntry } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import { decodeNumbers, type NumberType } from './numberTypes.ts'

/** An array in a file: its shape is known, its numbers are read when they are asked for. */
export interface StoredArray {
  /** In its file; null where a file of its kind holds one only. */
  name: string | null
  shape: readonly number[]
  /** e.g. "float64", "uint8", "char"; for people. */
  typeName: string
  /** Why its values cannot be taken, what it is and the mend: "holds complex numbers. Save their real part."; else null. */
  unfit: string | null
  /** That the values are to be multiplied by: bytes and 16-bit numbers without sign are pixels. */
  scale: number
  /** Whether neighbours in memory differ in the first index (Fortran, MATLAB), not in the last (C). */
  firstFastest: boolean
  /** Where the images of a stack are counted: by the first index, as NumPy users keep them, or by the last (MATLAB). */
  stackedBy: 'first' | 'last'
  /** Whether files of this kind know no other way. */
  isStackedSurely?: boolean
  /** The numbers in the order of memory, from the first to the last; as many as the shape says. */
  blocks(): AsyncGenerator<Float32Array | Float64Array>
}

/** A file of arrays, open. */
export interface ArrayFile {
  arrays: StoredArray[]
  /** What was seen on opening it, in sentences. */
  remarks?: string[]
  close(): Promise<void>
}

export const countOf = (shape: readonly number[]): number =>
  shape.reduce((product, length) => product * length, 1)

/**
 * Blocks of numbers from pieces of bytes of any length.
 * @param count items that there must be
 * @throws LabError badInput where there are fewer; what is more is not looked at
 */
export async function* blocksOf(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { type, little, count, name }: { type: NumberType; little: boolean; count: number; name: string },
): AsyncGenerator<Float32Array | Float64Array> {
  let left: Uint8Array = new Uint8Array(0)
  let done = 0
  for await (const piece of pieces) {
    const bytes = left.length === 0 ? piece : Buffer.concat([left, piece])
    const items = Math.min(count - done, Math.floor(bytes.length / type.itemBytes))
    const end = items * type.itemBytes
    left = bytes.slice(end)
    done += items
    if (items > 0) yield decodeNumbers(bytes.subarray(0, end), type, little)
    if (done === count) return
  }
  if (done < count)
    throw new LabError('badInput', `${name} ends early: ${done} of ${count} values. Copy it again.`)
}

/** Bytes in memory, in pieces that leave room for others. */
export function* piecesOf(bytes: Uint8Array, pieceBytes = 1 << 22): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

export interface ReadArrayOptions {
  onRead?: (done: number, total: number) => void
  signal?: AbortSignal
}

/** The numbers of an array, each block with the place of its first; scaled, reported, and ended when that is asked. */
export async function* numberedBlocks(
  array: StoredArray,
  { onRead, signal }: ReadArrayOptions,
): AsyncGenerator<{ first: number; block: Float32Array | Float64Array }> {
  const total = countOf(array.shape)
  let first = 0
  for await (const block of array.blocks()) {
    stopIfAborted(signal)
    yield { first, block }
    first += block.length
    onRead?.(first, total)
  }
}

/** How an array is called in messages. */
export const saidName = ({ name }: Pick<StoredArray, 'name'>, file: string): string =>
  name === null ? file : `${name} in ${file}`

/** What a picker shows of an array. */
export const toEntry = (array: StoredArray, use: ArrayEntry['use']): ArrayEntry => ({
  name: array.name ?? '',
  shape: [...array.shape],
  type: array.typeName,
  use,
})
