import type { FileLook } from '#shared/domain/datasetSource.ts'
import { arrayFormat } from './arrayFormat.ts'
import { layoutOf } from './arrayLayout.ts'
import { entriesOf, isTakenWhole, openArrays } from './openArrays.ts'
import { lookAtTable } from './readTable.ts'

/**
 * What a file of arrays holds, for a dialog: the arrays to choose from, or a table's first rows.
 * @throws LabError badInput where it cannot be read
 */
export async function lookAtFile(path: string): Promise<FileLook> {
  const format = await arrayFormat(path)
  if (format.kind === 'table') {
    return { arrays: [], use: 'patches', shape: null, isWhole: false, table: await lookAtTable(path, {}) }
  }
  const file = await openArrays(path, format)
  try {
    const isSingle = file.arrays.some(({ name }) => name === null)
    const use = isSingle ? (layoutOf(file.arrays[0]).use ?? 'patches') : null
    const shape = isSingle ? [...file.arrays[0].shape] : null
    return { arrays: isSingle ? [] : entriesOf(file), use, shape, isWhole: isTakenWhole(format), table: null }
  } finally {
    await file.close()
  }
}
