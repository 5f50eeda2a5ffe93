import { LabError } from '#shared/domain/labError.ts'
import { recogniseFormat, type ReadableFormat } from './imageFormat.ts'
import { readImageHeader, type ImageHeader } from './imageHeader.ts'
import { missingBytes } from './missingBytes.ts'
import { isCameraRaw } from './cameraRaw.ts'
import { sourceOfBytes, type ByteSource } from './tiffDirectory.ts'

/** Larger images are read row by row, or refused before they are decoded. */
export const maximumMegapixels = 100

// 100 megapixels of four 16-bit samples, uncompressed.
const maximumFileBytes = 800_000_000

const refuse = (message: string): never => {
  throw new LabError('badInput', message)
}

export function refuseLargeFile(sizeBytes: number): void {
  if (sizeBytes <= maximumFileBytes) return
  refuse(
    `The file has ${megabytes(sizeBytes)} MB, more than ${megabytes(maximumFileBytes)} MB. Scale the image down.`,
  )
}

/** @throws LabError badInput where the bytes are no image, or of a kind that is not read */
export function checkFormat(bytes: Uint8Array): ReadableFormat {
  if (bytes.length === 0) return refuse('The file is empty. Copy it again.')
  const recognised = recogniseFormat(bytes)
  if (recognised === null) return refuse('This is not an image.')
  if (!recognised.readable)
    return refuse(`${recognised.name} is not supported. Convert it to PNG, TIFF or JPEG.`)
  if (recognised.format === 'tiff') refuseCameraRaw(sourceOfBytes(bytes))
  return recognised.format
}

/** @throws LabError badInput */
export function refuseCameraRaw(source: ByteSource): void {
  if (isCameraRaw(source)) refuse('Camera raw is not supported. Convert it to PNG, TIFF or JPEG.')
}

export const megapixelsOf = ({ width, height }: ImageHeader): number => (width * height) / 1e6

/** @throws LabError badInput above 100 megapixels, or the limit that is given */
export function refuseTooLarge(header: ImageHeader, limit = maximumMegapixels): void {
  const megapixels = megapixelsOf(header)
  if (megapixels <= limit) return
  const { width, height } = header
  const size = `${width} × ${height} px are ${Math.round(megapixels)} megapixels`
  refuse(`Too large: ${size}, the limit is ${limit}. Scale it down.`)
}

/**
 * Everything that can be said of a whole file without decoding it.
 * @throws LabError badInput where it is no image, too large, cut short or without a sensible header
 */
export function checkImage(bytes: Uint8Array): ReadableFormat {
  const format = checkFormat(bytes)
  const header = readImageHeader(bytes, format)
  if (header !== null) refuseTooLarge(header)
  const expected = missingBytes(bytes, format)
  if (expected !== null) refuse(endsEarly(bytes.length, expected))
  if (header === null) refuse('The file is damaged: its header makes no sense. Copy it again.')
  return format
}

const megabytes = (sizeBytes: number) => (sizeBytes / 1e6).toFixed(1)

function endsEarly(sizeBytes: number, expectedBytes: number): string {
  const small = sizeBytes < 1e5
  if (Number.isNaN(expectedBytes)) {
    const after = small ? `${sizeBytes} bytes` : `${megabytes(sizeBytes)} MB`
    return `The file ends early, after ${after}. Copy it again.`
  }
  const sizes = small
    ? `${sizeBytes} of ${expectedBytes} bytes`
    : `${megabytes(sizeBytes)} of ${megabytes(expectedBytes)} MB`
  return `The file ends early: ${sizes}. Copy it again.`
}
