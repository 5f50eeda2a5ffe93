import { matNumbers } from '#main/dataset/array/matNumbers.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  importWeights,
  longestConfigBytes,
  weightNames,
  type FoundArray,
  type ImportedWeights,
} from './importedWeights.ts'
import { arrayClasses, elementTypes } from './matElements.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'
import { damagedMat, listMatVariables, matKind, readTag, type MatVariable } from './matVariables.ts'

/**
 * Weights from a MAT-file of version 5, as MATLAB (`save`, `save -v7`), Octave (`-v6`, `-v7`) and SciPy write it:
 * W1 h×n, W2 n×h, b1 and b2 as columns or rows, `rhoHat` and `config` (characters) if they are there.
 * @param file what messages call it
 * @throws LabError badInput, shape
 */
export function parseMat(bytes: Uint8Array, file: string, hints: WeightHints = {}): ImportedWeights {
  if (matKind(bytes) === 'version 7.3') {
    throw new LabError('badInput', `${file} is a MAT-file of version 7.3. Save it again with save('-v7').`)
  }
  const variables = listMatVariables(bytes, file)
  const arrays = [...variables.values()].flatMap((variable) => {
    try {
      return [findArray(variable, file)]
    } catch (error) {
      // What holds no numbers is none of the weights.
      if ((weightNames as readonly string[]).includes(variable.name)) throw error
      return []
    }
  })
  const mend = "Save them with save('weights.mat', 'W1', 'W2', 'b1', 'b2')."
  const rhoHat = arrays.find(({ name }) => name === 'rhoHat')
  return importWeights(
    { ...recogniseWeights(arrays, { file, mend, hints }), ...(rhoHat && { rhoHat }) },
    {
      config: readText(variables.get('config'), file),
      normalisation: readText(variables.get('normalisation'), file),
    },
    file,
  )
}

function findArray(variable: MatVariable, file: string): FoundArray {
  const { name, arrayClass, dims, complex } = variable
  if (arrayClass < arrayClasses.double || complex) {
    throw new LabError(
      'badInput',
      `${name} in ${file} is no array of real numbers. Save ${name} = double(${name}).`,
    )
  }
  if (dims.length > 2)
    throw new LabError('shape', `${name} in ${file} has ${dims.length} dimensions, not two.`)
  return {
    name,
    shape: dims,
    read: () => toRowMajor(readNumbers(variable, dims[0] * dims[1], file), dims[0], dims[1]),
  }
}

function readNumbers({ content, valuesAt }: MatVariable, count: number, file: string): Float64Array {
  const bytes = content()
  const { type, start, end } = readValuesTag(bytes, valuesAt, file)
  const stored = matNumbers[type]
  if (!stored || end - start !== count * stored.itemBytes) throw damagedMat(file)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const numbers = new Float64Array(count)
  for (let k = 0; k < count; k++) numbers[k] = stored.read(view, start + k * stored.itemBytes, true)
  return numbers
}

function readValuesTag(bytes: Uint8Array, at: number, file: string) {
  try {
    return readTag(bytes, at, file)
  } catch (error) {
    throw error instanceof RangeError ? damagedMat(file, error) : error
  }
}

function toRowMajor(columnMajor: Float64Array, rows: number, columns: number): Float64Array {
  const values = new Float64Array(columnMajor.length)
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) values[row * columns + column] = columnMajor[column * rows + row]
  }
  return values
}

/** A row of characters; null where it is anything else. */
function readText(variable: MatVariable | undefined, file: string): string | null {
  if (!variable || variable.arrayClass !== arrayClasses.char) return null
  const length = variable.dims.reduce((product, size) => product * size, 1)
  if (variable.dims[0] !== 1 || length > longestConfigBytes) return null
  try {
    const bytes = variable.content()
    const { type, start, end } = readTag(bytes, variable.valuesAt, file)
    const wide = type === elementTypes.uint16 || type === elementTypes.utf16
    return new TextDecoder(wide ? 'utf-16le' : 'utf-8').decode(bytes.subarray(start, end))
  } catch {
    return null
  }
}
