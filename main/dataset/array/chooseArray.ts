import { LabError } from '#shared/domain/labError.ts'
import { layoutOf } from './arrayLayout.ts'
import type { ArrayFile, StoredArray } from './storedArray.ts'

/** The course's own images go by this name. */
const courseImages = 'IMAGES'

/**
 * Which array of a file is meant: the one that is asked for; else the only one that can be used; else the one that the
 * course's images go by.
 * @param file what messages call it
 * @throws LabError badInput, listing what is there
 */
export function chooseArray(
  { arrays }: Pick<ArrayFile, 'arrays'>,
  asked: string | undefined,
  file: string,
): StoredArray {
  if (arrays.length === 1 && arrays[0].name === null) {
    if (asked === undefined) return arrays[0]
    throw new LabError('badInput', `${file} holds one array, which has no name. Leave out --array.`)
  }
  const there = arrays.length === 0 ? 'It holds no arrays' : `It holds ${describeArrays(arrays)}`
  if (asked !== undefined) {
    const found = arrays.find(({ name }) => name === asked)
    if (!found) throw new LabError('badInput', `${file} has no array "${asked}". ${there}.`)
    return found
  }
  // What is wrong with it is told where it is read.
  if (arrays.length === 1) return arrays[0]
  const usable = arrays.filter((array) => layoutOf(array).use !== null)
  if (usable.length === 0) {
    throw new LabError('badInput', `${file} has no matrix of patches and no stack of images. ${there}.`)
  }
  const found = usable.length === 1 ? usable[0] : usable.find(({ name }) => name === courseImages)
  if (found) return found
  throw new LabError(
    'badInput',
    `${file} holds more than one array: ${describeArrays(usable)}. Choose one with --array NAME.`,
  )
}

/** e.g. "X (60000 × 784 uint8), y (60000 float64)" */
function describeArrays(arrays: readonly StoredArray[]): string {
  const shown = arrays
    .slice(0, 12)
    .map(({ name, shape, typeName }) => `${name} (${shape.join(' × ') || 'one'} ${typeName})`)
  return shown.join(', ') + (arrays.length > 12 ? ` and ${arrays.length - 12} more` : '')
}
