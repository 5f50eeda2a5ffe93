import { openRegularFile } from '#db/regularFile.ts'
import { tensorNames } from '#main/export/weights/formatSafetensors.ts'
import { weightNames } from '#main/export/weights/importedWeights.ts'
import { isWeightsCsv } from '#main/export/weights/parseCsv.ts'
import { readAt } from '../readAt.ts'
import { listArrays } from './openArrays.ts'

/**
 * Whether a file of arrays holds the weights of a network, W1, W2, b1 and b2, rather than patches.
 * @throws LabError badInput where it cannot be read
 */
export async function holdsWeights(path: string): Promise<boolean> {
  const names = new Set((await listArrays(path)).map(({ name }) => name))
  const sets = [weightNames, Object.values(tensorNames)]
  if (names.size > 0) return sets.some((wanted) => wanted.every((name) => names.has(name)))
  const file = await openRegularFile(path)
  try {
    return isWeightsCsv(await readAt(file, 0, 64))
  } finally {
    await file.close()
  }
}
