import { stat } from 'node:fs/promises'
import path from 'node:path'
import { cannotOpen, openRegularFile } from '#db/regularFile.ts'
import { arrayFormatOf } from '#main/dataset/array/arrayFormat.ts'
import { otherFile } from '#main/dataset/array/otherFile.ts'
import { readStart } from '#main/dataset/readAt.ts'
import type { WeightsFile } from '#shared/domain/initialWeights.ts'
import { LabError } from '#shared/domain/labError.ts'
import { parseNpz } from './parseNpz.ts'
import type { ImportedWeights } from './weights/importedWeights.ts'
import { matKind } from './weights/matVariables.ts'
import { isWeightsCsv, parseCsv } from './weights/parseCsv.ts'
import { parseJson } from './weights/parseJson.ts'
import { parseMat } from './weights/parseMat.ts'
import { isOnnx, parseOnnx } from './weights/parseOnnx.ts'
import { parseSafetensors } from './weights/parseSafetensors.ts'
import { readStoredWeights } from './weights/readStored.ts'
import { readSaelens } from './weights/readSaelens.ts'
import type { WeightHints } from './weights/recogniseWeights.ts'
import { isSafetensors } from './weights/safetensorsHeader.ts'

// More than any network that can be trained takes, in float64.
const largestBytes = 2 ** 31

/**
 * Reads W1 h×n, W2 n×h, b1, b2 from a SAELens folder or any of the formats that `export` writes (`.npz`, `.safetensors`, `.mat`, `.onnx`,
 * `.json`, `.csv`) and that NumPy, SciPy, MATLAB or PyTorch write of them. What it is, its bytes say, not its name.
 * A gradient written by `evaluate` has the same arrays.
 * @throws LabError badInput where the file is missing, none of these, damaged, or holds what is not a finite number;
 *   shape where the arrays do not fit each other
 */
export async function readWeights(file: string, hints: WeightHints = {}): Promise<ImportedWeights> {
  const found = await stat(file).catch(() => null)
  if (found?.isDirectory()) return readSaelens(file)
  const { start, sizeBytes } = await readStart(file, 1024)
  const other = await otherFile(file, start)
  if (other !== null) throw new LabError('badInput', `${path.basename(file)} ${other}`)
  const format = arrayFormatOf(start, sizeBytes)?.kind
  if (format === 'hdf5' || format === 'mat4' || format === 'octave')
    return readStoredWeights(file, format, hints)
  return parseWeights(await readWhole(file), path.basename(file), hints)
}

/** What a file of weights is for, for who chooses it. @throws LabError as readWeights */
export async function lookAtWeights(file: string): Promise<WeightsFile> {
  const { weights, config } = await readWeights(file)
  return { visible: weights.visible, hidden: weights.hidden, config }
}

const isZip = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b
/** A brace, after white space or a byte order mark. */
const isJson = (bytes: Uint8Array) => /^\uFEFF?\s*\{/.test(Buffer.from(bytes.subarray(0, 64)).toString())

type Parse = (
  bytes: Uint8Array,
  name: string,
  hints: WeightHints,
) => ImportedWeights | Promise<ImportedWeights>

const readers: readonly [is: (bytes: Uint8Array) => boolean, parse: Parse][] = [
  [isZip, parseNpz],
  [(bytes) => matKind(bytes) !== null, parseMat],
  [(bytes) => isSafetensors(bytes), parseSafetensors],
  [isJson, parseJson],
  [isWeightsCsv, parseCsv],
  [isOnnx, parseOnnx],
]

/**
 * Weights from a file's bytes.
 * @param name what messages call the file
 * @throws LabError badInput, shape
 */
export async function parseWeights(
  bytes: Uint8Array,
  name: string,
  hints: WeightHints = {},
): Promise<ImportedWeights> {
  const reader = readers.find(([is]) => is(bytes))
  if (reader) return reader[1](bytes, name, hints)
  throw new LabError(
    'badInput',
    `${name} is no file of weights that is known. Give .npz, .safetensors, .mat, .h5, .onnx, .json or .csv.`,
  )
}

async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await openRegularFile(file).catch(cannotOpen(file))
  try {
    if ((await handle.stat()).size > largestBytes) {
      throw new LabError(
        'badInput',
        `${file} is larger than 2 GB, more than any weights here. Give another file.`,
      )
    }
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
