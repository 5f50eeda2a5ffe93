import type { ExportedWeights } from './exportedWeights.ts'
import { arrayClasses, elementTypes, matHeaderBytes, matVersion, padded } from './matElements.ts'

/**
 * Weights as a MAT-file of version 5, not compressed: W1 h×n, b1 h×1, W2 n×h, b2 n×1, rhoHat h×1 as double, which is
 * what MATLAB computes in, and `config` as a row of characters (`jsondecode(config)`). Where patches are whitened,
 * `whitening` n×n and, where the mean of each value was removed, `mean` n×1: patch = (x − mean)ᵀ · whitening.
 * @see MathWorks, MAT-File Format
 */
export function formatMat({
  weights,
  rhoHat,
  config,
  normalisation,
  whitening,
}: ExportedWeights): Uint8Array {
  const { visible: n, hidden: h, W1, W2, b1, b2 } = weights
  return Buffer.concat([
    fileHeader(),
    doubleMatrix('W1', W1, h, n),
    doubleMatrix('b1', b1, h, 1),
    doubleMatrix('W2', W2, n, h),
    doubleMatrix('b2', b2, n, 1),
    doubleMatrix('rhoHat', rhoHat, h, 1),
    ...(whitening ? [doubleMatrix('whitening', whitening.matrix, n, n)] : []),
    ...(whitening?.mean ? [doubleMatrix('mean', whitening.mean, n, 1)] : []),
    charRow('config', JSON.stringify(config)),
    ...(normalisation ? [charRow('normalisation', JSON.stringify(normalisation))] : []),
  ])
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(matHeaderBytes)
  // MATLAB tells the version by these first words; no date, so that the same weights give the same bytes.
  header.write('MATLAB 5.0 MAT-file, written by Rho Lab'.padEnd(116), 'latin1')
  header.writeUInt16LE(matVersion, 124)
  header.write('IM', 126, 'latin1')
  return header
}

/** @param values rows × columns, row-major; MATLAB keeps columns together */
function doubleMatrix(name: string, values: Float32Array, rows: number, columns: number): Buffer {
  const columnMajor = new Float64Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      columnMajor[column * rows + row] = values[row * columns + column]
    }
  }
  const real = element(elementTypes.double, Buffer.from(columnMajor.buffer))
  return matrix(name, arrayClasses.double, [rows, columns], real)
}

function charRow(name: string, text: string): Buffer {
  const real = element(elementTypes.uint16, Buffer.from(text, 'utf16le'))
  return matrix(name, arrayClasses.char, [1, text.length], real)
}

function matrix(name: string, arrayClass: number, dims: readonly number[], real: Buffer): Buffer {
  const flags = Buffer.alloc(8)
  flags.writeUInt32LE(arrayClass)
  const parts = [
    element(elementTypes.uint32, flags),
    element(elementTypes.int32, Buffer.from(Int32Array.from(dims).buffer)),
    element(elementTypes.int8, Buffer.from(name, 'latin1')),
    real,
  ]
  return element(elementTypes.matrix, Buffer.concat(parts))
}

/** A tag and its bytes; up to 4 bytes stand in the tag itself. */
function element(type: number, bytes: Buffer): Buffer {
  if (bytes.length <= 4 && type !== elementTypes.matrix) {
    const small = Buffer.alloc(8)
    small.writeUInt16LE(type)
    small.writeUInt16LE(bytes.length, 2)
    bytes.copy(small, 4)
    return small
  }
  const whole = Buffer.alloc(8 + padded(bytes.length))
  whole.writeUInt32LE(type)
  whole.writeUInt32LE(bytes.length, 4)
  bytes.copy(whole, 8)
  return whole
}
