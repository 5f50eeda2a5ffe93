import type { FileLook } from '#shared/domain/datasetSource.ts'
import { arrayFormat } from './arrayFormat.ts'
import { layoutOf } from './arrayLayout.ts'
import { entriesOf, isSingle, isTakenWhole, withArrays } from './openArrays.ts'
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
  return withArrays(path, format, (file) => {
    const one = isSingle(file) ? file.arrays[0] : null
    return {
      arrays: one ? [] : entriesOf(file),
      use: one && (layoutOf(one).use ?? 'patches'),
      shape: one && [...one.shape],
      isWhole: isTakenWhole(format),
      table: null,
    }
  })
}
