import { closeSync, fstatSync, readSync } from 'node:fs'
import { cannotOpen, openRegularFileSync } from '#db/regularFile.ts'

/** Bytes that can be read from any place: of a file, or in memory. */
export interface ByteSource {
  sizeBytes: number
  /** Those bytes, not to be written to. @throws RangeError where they do not all lie inside */
  read(at: number, length: number): Uint8Array
}

export function memorySource(bytes: Uint8Array): ByteSource {
  // A Buffer's `slice` is no copy; who gets these bytes expects that of a Uint8Array.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    sizeBytes: plain.length,
    read(at, length) {
      refuseOutside(at, length, plain.length)
      return plain.subarray(at, at + length)
    },
  }
}

/**
 * Opens a file; nothing of it is read until it is asked for.
 * @throws LabError badInput where it cannot be opened or is no file
 */
export function openFileSource(file: string): ByteSource & { close(): void } {
  const handle = openHandle(file)
  const status = fstatSync(handle)
  return {
    sizeBytes: status.size,
    read(at, length) {
      refuseOutside(at, length, status.size)
      const bytes = new Uint8Array(length)
      for (let filled = 0; filled < length;) {
        const count = readSync(handle, bytes, filled, length - filled, at + filled)
        if (count === 0) throw new RangeError(`${file} has become shorter.`)
        filled += count
      }
      return bytes
    },
    close: () => closeSync(handle),
  }
}

function openHandle(file: string): number {
  try {
    return openRegularFileSync(file)
  } catch (error) {
    return cannotOpen(file)(error)
  }
}

function refuseOutside(at: number, length: number, sizeBytes: number): void {
  if (at < 0 || length < 0 || at + length > sizeBytes) throw new RangeError('There are not so many bytes.')
}
