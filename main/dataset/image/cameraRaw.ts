import { tiffDirectories, type ByteSource } from './tiffDirectory.ts'

const newSubfileType = 254
const dngVersion = 50706

/**
 * Whether a TIFF file is a camera's raw file (DNG, NEF, ARW, …): their first image is a small preview, which must
 * not be taken for the photograph.
 */
export function isCameraRaw(source: ByteSource): boolean {
  for (const directory of tiffDirectories(source)) {
    return directory.numbers(dngVersion) !== undefined || ((directory.number(newSubfileType) ?? 0) & 1) === 1
  }
  return false
}
