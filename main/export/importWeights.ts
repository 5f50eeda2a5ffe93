import { open } from 'node:fs/promises'
import path from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { parseNpz, type ImportedWeights } from './parseNpz.ts'

// More than any network that can be trained takes, in float64.
const largestBytes = 2 ** 31

/**
 * Reads an `.npz` with W1 h×n, W2 n×h, b1, b2 (float32 or float64), as `export` writes it and as NumPy does.
 * A gradient written by `evaluate` has the same arrays.
 * @throws LabError badInput where the file is missing, no such archive, damaged, or holds what is not a finite number;
 *   shape where the arrays do not fit each other
 */
export async function readWeights(file: string): Promise<ImportedWeights> {
  return parseNpz(await readWhole(file), path.basename(file))
}

async function readWhole(file: string): Promise<Uint8Array> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new LabError('badInput', `${file} cannot be opened. Check the path.`, { cause })
  })
  try {
    const status = await handle.stat()
    if (!status.isFile()) throw new LabError('badInput', `${file} is not a file. Give an .npz file.`)
    if (status.size > largestBytes) {
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
