import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { cannotOpen, openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { refuseNotFinite } from '../array/arrayData.ts'
import { refuseTooMany } from '../draftDataset.ts'
import { readAt } from '../readAt.ts'
import { stopIfAborted } from '../stopIfAborted.ts'
import { floatsOf } from '../npy.ts'
import { headerBytes, parseNpyHeader, preambleBytes, type NpyHeader } from './npyHeader.ts'

// A multiple of every item's size.
const chunkBytes = 8_388_608

export interface NpyMatrix {
  m: number
  n: number
  /** m × n row-major */
  values: Float32Array
}

export interface ReadNpyOptions {
  onRead?: (done: number, total: number) => void
  signal?: AbortSignal
}

/**
 * Reads a matrix of patches from a `.npy` file, piece by piece: float32 or float64, C order, all values finite.
 * @throws LabError badInput where the file is missing or no such matrix; stopped when aborted
 */
export async function readNpy(path: string, options: ReadNpyOptions = {}): Promise<NpyMatrix> {
  const handle = await openRegularFile(path).catch(cannotOpen(path))
  try {
    const name = basename(path)
    const { size } = await handle.stat()
    const start = await readAt(handle, 0, preambleBytes)
    const header = parseNpyHeader(await readAt(handle, 0, headerBytes(start, name)), size, name)
    const [m, n] = matrixShape(header.shape, name)
    refuseTooMany(m, n)
    return { m, n, values: await readValues(handle, header, m * n, n, name, options) }
  } finally {
    await handle.close()
  }
}

export function matrixShape(shape: readonly number[], name: string): readonly [number, number] {
  const bad = (problem: string) => new LabError('badInput', `${name} ${problem}`)
  const [m, n] = shape
  if (shape.length < 2) {
    throw bad(
      `has ${shape.length} dimension${shape.length === 1 ? '' : 's'}. Save patches × pixels: X.reshape(m, -1).`,
    )
  }
  if (shape.length > 2) {
    throw bad(`has ${shape.length} dimensions. Make each patch one row: X.reshape(len(X), -1).`)
  }
  if (m === 0 || n === 0) throw bad(`holds no patches: its shape is ${m} × ${n}. Save at least one row.`)
  return [m, n]
}

async function readValues(
  handle: FileHandle,
  { dtype, bigEndian, dataOffset }: NpyHeader,
  count: number,
  n: number,
  name: string,
  { onRead, signal }: ReadNpyOptions,
): Promise<Float32Array> {
  const values = new Float32Array(count)
  const itemBytes = dtype === 'float32' ? 4 : 8
  const step = chunkBytes / itemBytes
  for (let first = 0; first < count; first += step) {
    stopIfAborted(signal)
    const length = Math.min(step, count - first)
    const bytes = await readAt(handle, dataOffset + first * itemBytes, length * itemBytes)
    if (bytes.length < length * itemBytes)
      throw new LabError('badInput', `${name} ends early. Copy it again.`)
    const chunk = floatsOf(bytes, dtype, bigEndian)
    values.set(chunk, first)
    refuseNotFinite(values, chunk, first, n, name)
    onRead?.(first + length, count)
  }
  return values
}
