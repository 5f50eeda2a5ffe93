import { basename } from 'node:path'
import type { ArrayEntry } from '#shared/domain/datasetSource.ts'
import { arrayFormat, type ArrayFormat } from './arrayFormat.ts'
import { layoutOf } from './arrayLayout.ts'
import { chooseArray } from './chooseArray.ts'
import { openCifar } from './openCifar.ts'
import { openHdf5 } from './openHdf5.ts'
import { openIdx } from './openIdx.ts'
import { openMat4, openMat5 } from './openMat.ts'
import { openNpy, openNpz } from './openNpy.ts'
import { openOctaveText } from './openOctave.ts'
import { openSafetensors } from './openSafetensors.ts'
import { toEntry, type ArrayFile } from './storedArray.ts'

/** Opens a file of arrays that is no table; closing it is the caller's. @throws LabError badInput */
export function openArrays(
  path: string,
  format: Exclude<ArrayFormat, { kind: 'table' }>,
): Promise<ArrayFile> {
  switch (format.kind) {
    case 'npy':
      return openNpy(path)
    case 'npz':
      return openNpz(path)
    case 'mat5':
      return openMat5(path)
    case 'mat4':
      return openMat4(path)
    case 'octave':
      return openOctaveText(path)
    case 'hdf5':
      return openHdf5(path)
    case 'safetensors':
      return openSafetensors(path)
    case 'idx':
      return openIdx(path)
    case 'cifar':
      return openCifar(path, format.variant)
  }
}

/** Asks something of an opened file, and closes it. @throws LabError badInput, as what is asked */
export async function withArrays<T>(
  path: string,
  format: Exclude<ArrayFormat, { kind: 'table' }>,
  ask: (file: ArrayFile) => T | Promise<T>,
): Promise<T> {
  const file = await openArrays(path, format)
  try {
    return await ask(file)
  } finally {
    await file.close()
  }
}

/** Whether a file holds one array only, which needs no choice. */
export const isSingle = ({ arrays }: ArrayFile): boolean => arrays.some(({ name }) => name === null)

export const entriesOf = ({ arrays }: ArrayFile): ArrayEntry[] =>
  arrays.map((array) => toEntry(array, layoutOf(array).use))

/**
 * The arrays that a file holds, for a picker; empty for a file that holds one only, which needs no choice.
 * @throws LabError badInput where it cannot be read
 */
export async function listArrays(path: string): Promise<ArrayEntry[]> {
  const format = await arrayFormat(path)
  if (format.kind === 'table') return []
  return withArrays(path, format, (file) => (isSingle(file) ? [] : entriesOf(file)))
}

/** Whether a file holds patches, or images that patches are sampled from. @throws LabError badInput as reading it */
export async function arrayUse(
  path: string,
  { array: asked, whole }: { array?: string | undefined; whole?: boolean | undefined },
): Promise<'patches' | 'images'> {
  const format = await arrayFormat(path)
  if (format.kind === 'table' || (whole ?? isTakenWhole(format))) return 'patches'
  return withArrays(
    path,
    format,
    (file) => layoutOf(chooseArray(file, asked, basename(path))).use ?? 'patches',
  )
}

/** Files whose images are patches where nobody says otherwise: MNIST's digits are 28 × 28. */
export const isTakenWhole = ({ kind }: ArrayFormat): boolean => kind === 'idx'
