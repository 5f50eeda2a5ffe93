import { basename } from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { refuseTooMany } from '../draftDataset.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import { refuseNotFinite, type PatchMatrix, type ReadArrayOptions } from './arrayData.ts'
import { openPieces } from './filePieces.ts'
import { idxDimensions, idxMagicBytes, idxTypes, unsignedBytes } from './idxHeader.ts'

/**
 * Reads an IDX file as MNIST has them, plain or gzipped: each image whole as a patch, a row. Bytes are scaled to
 * [0, 1]; other types stay as they are.
 * @throws LabError badInput where it is damaged, holds labels, or is not as long as its header says; stopped
 * @see Y. LeCun, C. Cortes, C. Burges, The MNIST database, "the IDX file format"
 */
export async function readIdx(path: string, { onRead, signal }: ReadArrayOptions = {}): Promise<PatchMatrix> {
  const name = basename(path)
  const file = await openPieces(path, name)
  let start: Uint8Array = new Uint8Array(0)
  let target: Target | null = null
  for await (const piece of file.pieces()) {
    stopIfAborted(signal)
    let rest = piece
    if (target === null) {
      start = Buffer.concat([start, piece])
      const shape = shapeOf(start)
      if (shape === null) continue
      const headerBytes = idxMagicBytes + 4 * shape.length
      target = createTarget(start[2], shape, file.mostBytes() - headerBytes, name)
      rest = start.subarray(headerBytes)
    }
    target.add(rest)
    onRead?.(file.readBytes(), file.sizeBytes)
  }
  if (target === null) throw new LabError('badInput', `${name} ends early, inside its header. Copy it again.`)
  return target.finish()
}

/** null where the header is not all there yet. */
function shapeOf(start: Uint8Array): number[] | null {
  const dimensions = idxDimensions(start)
  if (dimensions === null || start.length < idxMagicBytes + 4 * dimensions) return null
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  return Array.from({ length: dimensions }, (_, k) => view.getUint32(idxMagicBytes + 4 * k))
}

interface Target {
  add(bytes: Uint8Array): void
  finish(): PatchMatrix
}

/** @param mostBytes of values that can come; a header that promises more is told before memory is taken */
function createTarget(type: number, shape: readonly number[], mostBytes: number, name: string): Target {
  const bad = (problem: string) => new LabError('badInput', `${name} ${problem}`)
  const [m, ...sides] = shape
  if (sides.length === 0) {
    throw bad('holds one number for each image, labels perhaps. Give the file with the images.')
  }
  const n = sides.reduce((product, length) => product * length, 1)
  if (m === 0 || n === 0) throw bad(`holds no images: its shape is ${shape.join(' × ')}.`)
  refuseTooMany(m, n)
  const { itemBytes, read } = idxTypes[type]
  const endsEarly = (there: number) => bad(`ends early: ${there} of ${m * n} values. Copy it again.`)
  if (m * n * itemBytes > mostBytes) throw endsEarly(Math.floor(mostBytes / itemBytes))
  const values = new Float32Array(m * n)
  const scale = type === unsignedBytes ? 1 / 255 : 1
  let filled = 0
  let left: Uint8Array = new Uint8Array(0)
  return {
    add(bytes) {
      const all = left.length === 0 ? bytes : Buffer.concat([left, bytes])
      const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
      const count = Math.floor(all.length / itemBytes)
      if (filled + count > values.length) throw bad(`has more bytes than its header promises. Copy it again.`)
      const given = new Float64Array(count)
      for (let i = 0; i < count; i++) given[i] = read(view, i * itemBytes)
      for (let i = 0; i < count; i++) values[filled + i] = given[i] * scale
      refuseNotFinite(values, given, filled, n, name)
      filled += count
      left = all.slice(count * itemBytes)
    },
    finish() {
      if (filled < values.length || left.length > 0) throw endsEarly(filled)
      const picture = sides.length === 2 ? { sides: [sides[0], sides[1]] as const } : {}
      return { kind: 'patches', array: null, m, n, values, ...picture }
    },
  }
}
