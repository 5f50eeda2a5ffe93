import type { ArrayEntry } from '#shared/domain/datasetSource.ts'
import { arrayFormat } from './arrayFormat.ts'
import { listMat } from './readMat.ts'
import { listNpz } from './readNpz.ts'

/**
 * The arrays that a file holds, for a picker; empty for a file that holds one only, which needs no choice.
 * @throws LabError badInput where it cannot be read
 */
export async function listArrays(path: string): Promise<ArrayEntry[]> {
  switch (await arrayFormat(path)) {
    case 'npz':
      return listNpz(path)
    case 'mat':
      return listMat(path)
    default:
      return []
  }
}
