import { openRegularFile } from '#db/regularFile.ts'
import { weightNames } from '#main/export/weights/importedWeights.ts'
import { isWeightsCsv } from '#main/export/weights/parseCsv.ts'
import { readAt } from '../readAt.ts'
import { listArrays } from './listArrays.ts'

/**
 * Whether a file of arrays holds the weights of a network, W1, W2, b1 and b2, rather than patches.
 * @throws LabError badInput where it cannot be read
 */
export async function holdsWeights(path: string): Promise<boolean> {
  const names = new Set((await listArrays(path)).map(({ name }) => name))
  if (names.size > 0) return weightNames.every((name) => names.has(name))
  const file = await openRegularFile(path)
  try {
    return isWeightsCsv(await readAt(file, 0, 64))
  } finally {
    await file.close()
  }
}
