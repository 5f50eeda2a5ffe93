import { basename } from 'node:path'
import { openArrays } from '#main/dataset/array/openArrays.ts'
import { countOf } from '#main/dataset/array/storedArray.ts'
import { toRowMajor } from '#main/dataset/npy.ts'
import { importWeights, type FoundArray, type ImportedWeights } from './importedWeights.ts'
import { recogniseWeights, type WeightHints } from './recogniseWeights.ts'

/** More than any network that can be trained takes. */
const mostValues = 2 ** 28

/**
 * Weights from a file that is read as arrays are: HDF5 (Keras), a `.mat` of version 7.3 or 4, Octave's text.
 * @throws LabError badInput, shape
 */
export async function readStoredWeights(
  path: string,
  kind: 'hdf5' | 'mat4' | 'octave',
  hints: WeightHints,
): Promise<ImportedWeights> {
  const file = basename(path)
  const opened = await openArrays(path, { kind })
  try {
    const arrays: FoundArray[] = []
    let left = mostValues
    for (const array of opened.arrays) {
      const count = countOf(array.shape)
      if (array.unfit !== null || array.shape.length > 2 || count === 0 || count > left) continue
      left -= count
      const values = new Float64Array(count)
      let filled = 0
      for await (const block of array.blocks()) {
        values.set(block, filled)
        filled += block.length
      }
      const shape = [...array.shape]
      const ordered = array.firstFastest ? toRowMajor(values, shape) : values
      arrays.push({ name: array.name ?? file, shape, read: () => ordered })
    }
    const mend = 'Save W1, W2, b1 and b2.'
    return importWeights(
      recogniseWeights(arrays, { file, mend, hints }),
      { config: null, normalisation: null },
      file,
    )
  } finally {
    await opened.close()
  }
}
