import { LabError } from '#shared/domain/labError.ts'

// Numbers as text take a third of this in memory again.
const longestText = 256 << 20

/** UTF-8, with or without a byte order mark. @throws LabError badInput where it is none, or too long */
export function decodeText(bytes: Uint8Array, file: string): string {
  if (bytes.length > longestText) {
    throw new LabError('badInput', `${file} is text of more than 256 MB. Give the weights as .npz instead.`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new LabError('badInput', `${file} is not text in UTF-8. Export or copy it again.`, { cause })
  }
}
