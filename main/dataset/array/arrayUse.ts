import { basename } from 'node:path'
import type { ArrayChoice } from '#shared/domain/datasetSource.ts'
import { chooseArray } from './chooseArray.ts'
import { listArrays } from './listArrays.ts'

/** Whether a file holds patches, or images that patches are sampled from. @throws LabError badInput as reading it */
export async function arrayUse(path: string, { array }: ArrayChoice): Promise<'patches' | 'images'> {
  const entries = await listArrays(path)
  return entries.length === 0 ? 'patches' : (chooseArray(entries, array, basename(path)).use ?? 'patches')
}
