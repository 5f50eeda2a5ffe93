import { basename } from 'node:path'
import { openRegularFile } from '#db/regularFile.ts'
import type { ArrayChoice, ArrayEntry } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  damagedMat,
  listMatVariables,
  matKind,
  readTag,
  type MatVariable,
} from '#main/export/weights/matVariables.ts'
import { refuseTooMany } from '../draftDataset.ts'
import { readAt } from '../readAt.ts'
import { transposed, type ImageStack, type PatchMatrix } from './arrayData.ts'
import { chooseArray } from './chooseArray.ts'
import { imageStack } from './imageStack.ts'
import { matClasses, matNumbers } from './matNumbers.ts'

const largestBytes = 2 ** 31
const largestHeader = 2 ** 16

/** The arrays of a MAT-file. @throws LabError badInput */
export async function listMat(path: string): Promise<ArrayEntry[]> {
  return [...(await readVariables(path)).values()].map(toEntry)
}

/**
 * Reads one array of numbers from a MAT-file of version 5: a matrix with a patch in each row, or a stack of images,
 * height × width × count (grey) or height × width × 3 × count (RGB), as the course's IMAGES.mat is. Bytes and 16-bit
 * numbers without sign are scaled to [0, 1]; others stay as they are.
 * @throws LabError badInput where it is damaged, of version 7.3, which array is meant is not clear, or it does not
 *   hold finite real numbers
 */
export async function readMat(
  path: string,
  { array }: ArrayChoice,
  channels: 1 | 3,
): Promise<PatchMatrix | ImageStack> {
  const file = basename(path)
  const variables = await readVariables(path)
  const { name, use } = chooseArray([...variables.values()].map(toEntry), array, file)
  const variable = variables.get(name) as MatVariable
  if (use === null) throw new LabError('badInput', `${name} in ${file} ${unusable(variable)}`)
  const { dims } = variable
  const [rows, columns, ...rest] = dims
  const slices = rest.reduce((product, length) => product * length, 1)
  refuseTooMany(slices, rows * columns)
  const values = readFloats(variable, rows * columns * slices, rows, file)
  return use === 'images'
    ? imageStack({ name, values, height: rows, width: columns, isColour: rest.length === 2 }, channels)
    : { kind: 'patches', array: name, m: rows, n: columns, values: transposed(values, columns, rows) }
}

async function readVariables(path: string): Promise<Map<string, MatVariable>> {
  const file = basename(path)
  const handle = await openRegularFile(path)
  try {
    const { size } = await handle.stat()
    const start = await readAt(handle, 0, 128)
    if (matKind(start) === 'version 7.3' || start[0] === 0x89) {
      throw new LabError(
        'badInput',
        `${file} is a MAT-file of version 7.3 (HDF5). Save it again with save('${file}', '-v7').`,
      )
    }
    if (size > largestBytes) {
      throw new LabError('badInput', `${file} is larger than 2 GB. Save the one array that is needed.`)
    }
    if (matKind(start) === null) throw damagedMat(file)
    return listMatVariables(await readAt(handle, 0, size), file)
  } finally {
    await handle.close()
  }
}

function toEntry({ name, arrayClass, dims, complex }: MatVariable): ArrayEntry {
  const type = `${complex ? 'complex ' : ''}${matClasses[arrayClass]?.name ?? 'of another kind'}`
  return { name, shape: dims, type, use: complex ? null : useOf(arrayClass, dims) }
}

function useOf(arrayClass: number, dims: readonly number[]): ArrayEntry['use'] {
  const isNumeric = matClasses[arrayClass]?.isNumeric === true
  if (!isNumeric || dims.some((length) => length === 0)) return null
  const [rows, columns, third] = dims
  if (dims.length === 2) return rows > 1 && columns > 1 ? 'patches' : null
  const isStack = dims.length === 3 || (dims.length === 4 && third === 3)
  return isStack && rows > 1 && columns > 1 ? 'images' : null
}

function unusable({ arrayClass, complex, dims }: MatVariable): string {
  if (complex) return 'holds complex numbers. Save their real part.'
  const found = matClasses[arrayClass]
  if (!found?.isNumeric) return `is ${found?.name ?? 'of a kind'} that holds no numbers. Save it as double.`
  return `is ${dims.join(' × ')}. Give patches × pixels, or height × width × images.`
}

/** All values, column-major as they lie there. */
function readFloats(variable: MatVariable, count: number, rows: number, file: string): Float32Array {
  const { name, valuesAt, sizeBytes } = variable
  // Flags, lengths and a name beside the values; more would be unpacked for nothing.
  if (sizeBytes > 8 * count + largestHeader) throw damagedMat(file)
  const said = `${name} in ${file}`
  try {
    const bytes = variable.content()
    const { type, start, end } = readTag(bytes, valuesAt, file)
    const stored = matNumbers[type]
    if (!stored || end - start !== count * stored.itemBytes) throw damagedMat(file)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const scale = scaleOf(variable, view)
    const values = new Float32Array(count)
    for (let k = 0; k < count; k++) {
      const value = stored.read(view, start + k * stored.itemBytes) * scale
      values[k] = value
      if (!Number.isFinite(values[k])) throw notFinite(value, k, rows, said)
    }
    return values
  } catch (error) {
    throw error instanceof RangeError ? damagedMat(file, error) : error
  }
}

/** Of pixels that are stored as whole numbers; true and false are numbers already. */
function scaleOf({ arrayClass }: MatVariable, view: DataView): number {
  const isLogical = (view.getUint32(8, true) & 0x200) !== 0
  return isLogical ? 1 : (matClasses[arrayClass]?.scale ?? 1)
}

function notFinite(value: number, at: number, rows: number, said: string): LabError {
  const problem = Number.isFinite(value) ? `${value}, too large for float32,` : String(value)
  const place = `row ${at % rows}, column ${Math.floor(at / rows)}`
  return new LabError('badInput', `${said} holds ${problem} at ${place} (from 0). Replace it.`)
}
