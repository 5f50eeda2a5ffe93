import type { ArrayChoice } from '#shared/domain/datasetSource.ts'
import { readNpy } from '../npy/readNpy.ts'
import { arrayFormat } from './arrayFormat.ts'
import { transposed, type ImageStack, type PatchMatrix, type ReadArrayOptions } from './arrayData.ts'
import { readCsv } from './readCsv.ts'
import { readIdx } from './readIdx.ts'
import { readMat } from './readMat.ts'
import { readNpz } from './readNpz.ts'

/**
 * Reads the patches, or the images, of a file: `.npy`, `.npz`, `.mat` (version 5), IDX, CSV, recognised by content.
 * Only numbers are ever read.
 * @param channels of the patches that are cut from images
 * @throws LabError badInput; stopped when aborted
 */
export async function readArray(
  path: string,
  choice: ArrayChoice,
  channels: 1 | 3,
  options: ReadArrayOptions = {},
): Promise<PatchMatrix | ImageStack> {
  const array = await readAny(path, choice, channels, options)
  if (array.kind === 'images' || !choice.columns) return array
  const { m, n, values } = array
  return { kind: 'patches', array: array.array, m: n, n: m, values: transposed(values, m, n) }
}

async function readAny(
  path: string,
  choice: ArrayChoice,
  channels: 1 | 3,
  options: ReadArrayOptions,
): Promise<PatchMatrix | ImageStack> {
  switch (await arrayFormat(path)) {
    case 'npy':
      return { kind: 'patches', array: null, ...(await readNpy(path, options)) }
    case 'npz':
      return readNpz(path, choice)
    case 'mat':
      return readMat(path, choice, channels)
    case 'idx':
      return readIdx(path, options)
    case 'csv':
      return readCsv(path, options)
  }
}
