import type { ArrayEntry } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import { describeArrays } from './arrayData.ts'

/** The course's own images go by this name. */
const courseImages = 'IMAGES'

/**
 * Which array of a file is meant: the one that is asked for; else the only one that can be used; else the one that the
 * course's images go by.
 * @param file what messages call it
 * @throws LabError badInput, listing what is there
 */
export function chooseArray(
  entries: readonly ArrayEntry[],
  asked: string | undefined,
  file: string,
): ArrayEntry {
  const there = entries.length === 0 ? 'It holds no arrays' : `It holds ${describeArrays(entries)}`
  if (asked !== undefined) {
    const found = entries.find(({ name }) => name === asked)
    if (!found) throw new LabError('badInput', `${file} has no array "${asked}". ${there}.`)
    return found
  }
  const usable = entries.filter(({ use }) => use !== null)
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
