import { basename } from 'node:path'
import { openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  damagedMat,
  listMatVariables,
  matKind,
  readTag,
  type MatVariable,
} from '#main/export/weights/matVariables.ts'
import { readAt, readPieces } from '../readAt.ts'
import { matClasses, matNumbers } from './matNumbers.ts'
import { numberTypes, type NumberType } from './numberTypes.ts'
import { blocksOf, countOf, piecesOf, type ArrayFile, type StoredArray } from './storedArray.ts'

const largestBytes = 2 ** 31
const largestHeader = 2 ** 16

/**
 * A MAT-file of version 5 (`save`, `save -v7`), as MATLAB, Octave and SciPy write it.
 * @throws LabError badInput where it is damaged
 */
export async function openMat5(path: string): Promise<ArrayFile> {
  const file = basename(path)
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    if (size > largestBytes) {
      throw new LabError('badInput', `${file} is larger than 2 GB. Save the one array that is needed.`)
    }
    const bytes = await readAt(handle, 0, size)
    if (matKind(bytes.subarray(0, 128)) === null) throw damagedMat(file)
    const variables = listMatVariables(bytes, file)
    return { arrays: [...variables.values()].map((one) => toStored(one, file)), close: async () => {} }
  } finally {
    await handle.close()
  }
}

function toStored(variable: MatVariable, file: string): StoredArray {
  const { name, arrayClass, dims, complex, isLogical, sizeBytes } = variable
  const found = matClasses[arrayClass]
  return {
    name,
    shape: dims,
    typeName: `${complex ? 'complex ' : ''}${found?.name ?? 'of another kind'}`,
    // Each number takes a byte at least.
    unfit:
      countOf(dims) > sizeBytes
        ? 'is damaged. Save it again with save -v7.'
        : complex
          ? 'holds complex numbers. Save their real part.'
          : found?.isNumeric
            ? null
            : `is ${found?.name ?? 'of a kind'} that holds no numbers. Save it as double.`,
    // True and false are numbers already.
    scale: isLogical ? 1 : (found?.scale ?? 1),
    firstFastest: true,
    stackedBy: 'last',
    blocks: () => readNumbers(variable, file),
  }
}

async function* readNumbers({ name, dims, content, valuesAt, sizeBytes }: MatVariable, file: string) {
  const count = countOf(dims)
  // Flags, lengths and a name beside the values; more would be unpacked for nothing.
  if (sizeBytes > 8 * count + largestHeader) throw damagedMat(file)
  try {
    const bytes = content()
    const { type: stored, start, end } = readTag(bytes, valuesAt, file)
    const type = matNumbers[stored]
    if (!type || end - start !== count * type.itemBytes) throw damagedMat(file)
    yield* blocksOf(piecesOf(bytes.subarray(start, end)), {
      type,
      little: true,
      count,
      name: `${name} in ${file}`,
    })
  } catch (error) {
    throw error instanceof RangeError ? damagedMat(file, error) : error
  }
}

/** By the digit of thousands: byte order; by that of tens: how numbers are stored. */
const mat4Types: Record<number, NumberType | undefined> = {
  0: numberTypes.float64,
  1: numberTypes.float32,
  2: numberTypes.int32,
  3: numberTypes.int16,
  4: numberTypes.uint16,
  5: numberTypes.uint8,
}
const mat4HeaderBytes = 20
const mostArrays = 4096

interface Mat4Header {
  type: NumberType
  little: boolean
  kind: 'matrix' | 'text' | 'sparse'
  rows: number
  columns: number
  isComplex: boolean
  nameBytes: number
}

/** The header of a matrix in a MAT-file of version 4; null where the bytes cannot be one. @see MathWorks, MAT-File Format, Level 4 */
export function mat4Header(start: Uint8Array): Mat4Header | null {
  if (start.length < mat4HeaderBytes) return null
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength)
  const little = view.getUint32(0, true) < 5000
  const [code, rows, columns, isComplex, nameBytes] = [0, 4, 8, 12, 16].map((at) =>
    view.getUint32(at, little),
  )
  const [machine, zero, precision, kind] = [1000, 100, 10, 1].map((unit) => Math.floor(code / unit) % 10)
  const type = mat4Types[precision]
  const isPlausible =
    code < 5000 &&
    machine === (little ? 0 : 1) &&
    zero === 0 &&
    kind <= 2 &&
    isComplex <= 1 &&
    nameBytes >= 2 &&
    nameBytes <= 64
  if (!isPlausible || !type || rows > 2 ** 31 || columns > 2 ** 31 || rows * columns === 0) return null
  const name = start.subarray(mat4HeaderBytes, mat4HeaderBytes + nameBytes)
  if (!/^[A-Za-z]\w*\0$/.test(Buffer.from(name).toString('latin1'))) return null
  return {
    type,
    little,
    kind: (['matrix', 'text', 'sparse'] as const)[kind],
    rows,
    columns,
    isComplex: isComplex === 1,
    nameBytes,
  }
}

/**
 * A MAT-file of version 4 (`save -v4`), as MATLAB, Octave and SciPy write it.
 * @throws LabError badInput where it is damaged
 */
export async function openMat4(path: string): Promise<ArrayFile> {
  const file = basename(path)
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    const arrays: StoredArray[] = []
    for (let at = 0; at < size && arrays.length < mostArrays;) {
      const start = await readAt(handle, at, mat4HeaderBytes + 64)
      const header = mat4Header(start)
      if (header === null)
        throw new LabError('badInput', `${file} is damaged after ${at} bytes. Copy it again.`)
      const { type, little, kind, rows, columns, isComplex, nameBytes } = header
      const name = Buffer.from(start.subarray(mat4HeaderBytes, mat4HeaderBytes + nameBytes - 1)).toString(
        'latin1',
      )
      const valuesAt = at + mat4HeaderBytes + nameBytes
      const count = rows * columns
      at = valuesAt + count * type.itemBytes * (isComplex ? 2 : 1)
      if (at > size) throw new LabError('badInput', `${file} ends early, inside ${name}. Copy it again.`)
      arrays.push({
        name,
        shape: [rows, columns],
        typeName: kind === 'matrix' ? type.name : kind,
        unfit: isComplex
          ? 'holds complex numbers. Save their real part.'
          : kind === 'matrix'
            ? null
            : `is ${kind} that holds no plain numbers. Save it as double.`,
        scale: type.scale,
        firstFastest: true,
        stackedBy: 'last',
        blocks: () =>
          blocksOf(readPieces(handle, valuesAt, count * type.itemBytes, 1 << 22), {
            type,
            little,
            count,
            name: `${name} in ${file}`,
          }),
      })
    }
    return { arrays, close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}
