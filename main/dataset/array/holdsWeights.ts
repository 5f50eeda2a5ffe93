import { openRegularFile } from '#db/regularFile.ts'
import type { ArrayEntry } from '#shared/domain/datasetSource.ts'
import { isWeightsCsv } from '#main/export/weights/parseCsv.ts'
import { recogniseWeights } from '#main/export/weights/recogniseWeights.ts'
import { readAt } from '../readAt.ts'
import { listArrays } from './openArrays.ts'

/**
 * Whether a file of arrays holds the weights of a network rather than patches.
 * @throws LabError badInput where it cannot be read
 */
export async function holdsWeights(path: string): Promise<boolean> {
  const entries = await listArrays(path)
  if (entries.length > 0) return areWeights(entries)
  const file = await openRegularFile(path)
  try {
    return isWeightsCsv(await readAt(file, 0, 64))
  } finally {
    await file.close()
  }
}

/** By names and shapes; no value is read. */
function areWeights(entries: readonly ArrayEntry[]): boolean {
  if (entries.some(({ name }) => /^(opt)?theta$/i.test(name) || name === 'W_enc')) return true
  const arrays = entries.map(({ name, shape }) => ({ name, shape, read: () => new Float32Array(0) }))
  // Two matrices alone, which could be layers without biases, are data.
  if (!arrays.some(({ shape }) => shape.filter((length) => length > 1).length === 1)) return false
  try {
    recogniseWeights(arrays, { file: '', mend: '', hints: {} })
    return entries.some(({ shape }) => shape.length === 2 && shape[0] > 1 && shape[1] > 1)
  } catch {
    return false
  }
}
