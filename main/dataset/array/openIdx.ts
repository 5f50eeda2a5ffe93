import { basename } from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { openPieces, type FilePieces } from './filePieces.ts'
import { numberTypes, type NumberType } from './numberTypes.ts'
import { blocksOf, countOf, type ArrayFile } from './storedArray.ts'

/** Types of values in IDX files. @see Y. LeCun, C. Cortes, C. Burges, The MNIST database, "the IDX file format" */
const idxTypes: Record<number, NumberType | undefined> = {
  0x08: numberTypes.uint8,
  0x09: numberTypes.int8,
  0x0b: numberTypes.int16,
  0x0c: numberTypes.int32,
  0x0d: numberTypes.float32,
  0x0e: numberTypes.float64,
}
/** Up to the first length. */
const magicBytes = 4
const mostDimensions = 8

/** How many dimensions an IDX file has, by its first four bytes; null where it is none. */
export function idxDimensions(start: Uint8Array): number | null {
  const [zero, alsoZero, type, dimensions] = start
  const isIdx =
    start.length >= magicBytes &&
    zero === 0 &&
    alsoZero === 0 &&
    idxTypes[type] !== undefined &&
    dimensions >= 1 &&
    dimensions <= mostDimensions
  return isIdx ? dimensions : null
}

/**
 * An IDX file as MNIST has them, plain or gzipped.
 * @throws LabError badInput where it is damaged or not as long as its header says
 */
export async function openIdx(path: string): Promise<ArrayFile> {
  const name = basename(path)
  const file = await openPieces(path, name)
  const header = await readHeader(file, name)
  const { type, shape, headerBytes } = header
  const count = countOf(shape)
  const there = (file.mostBytes() - headerBytes) / type.itemBytes
  // Told before memory is taken.
  if (count > there) {
    throw new LabError(
      'badInput',
      `${name} ends early: ${Math.floor(there)} of ${count} values. Copy it again.`,
    )
  }
  const array = {
    name: null,
    shape,
    typeName: type.name,
    unfit: null,
    scale: type.scale,
    firstFastest: false,
    stackedBy: 'first' as const,
    isStackedSurely: true,
    blocks: () =>
      blocksOf(exactly(file, headerBytes, count * type.itemBytes, name), {
        type,
        little: false,
        count,
        name,
      }),
  }
  return { arrays: [array], close: async () => {} }
}

async function readHeader(file: FilePieces, name: string) {
  let start: Uint8Array = new Uint8Array(0)
  for await (const piece of file.pieces()) {
    start = Buffer.concat([start, piece])
    const dimensions = idxDimensions(start)
    const headerBytes = magicBytes + 4 * (dimensions ?? 0)
    if (dimensions === null || start.length < headerBytes) continue
    const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
    const shape = Array.from({ length: dimensions }, (_, k) => view.getUint32(magicBytes + 4 * k))
    return { type: idxTypes[start[2]]!, shape, headerBytes }
  }
  throw new LabError('badInput', `${name} ends early, inside its header. Copy it again.`)
}

/** The file's bytes from a place on, which must be so many. */
async function* exactly(
  file: FilePieces,
  from: number,
  bytes: number,
  name: string,
): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const piece of file.pieces()) {
    const start = Math.max(0, from - at)
    at += piece.length
    if (at > from + bytes) {
      throw new LabError('badInput', `${name} has more bytes than its header promises. Copy it again.`)
    }
    if (start < piece.length) yield piece.subarray(start)
  }
}
