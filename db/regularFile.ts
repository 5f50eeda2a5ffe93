import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  type Stats,
} from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { LabError } from '#shared/domain/labError.ts'

// Opening a named pipe to read it waits until somebody writes, and no signal is heard meanwhile: every path that is not
// the program's own is opened here. It is looked at first, since opening a device may do something; without waiting,
// and once more when it is open, since it may have become another meanwhile.
const readWithoutWaiting = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

const giveFile = 'Give a file.'

/**
 * Opens a file for reading, without ever waiting for it.
 * @throws LabError badInput for a folder, a named pipe, a socket or a device; what opening throws
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  refuseOther(await stat(path), path)
  const handle = await open(path, readWithoutWaiting)
  try {
    refuseOther(await handle.stat(), path)
    return handle
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** As `openRegularFile`. @returns the descriptor */
export function openRegularFileSync(path: string): number {
  refuseOther(statSync(path), path)
  const descriptor = openSync(path, readWithoutWaiting)
  try {
    refuseOther(fstatSync(descriptor), path)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** All of a file. @throws as `openRegularFile` */
export async function readRegularFile(path: string): Promise<Buffer> {
  const handle = await openRegularFile(path)
  try {
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}

/**
 * All of a file, at once: for a thread that has nothing else to do.
 * @param check told the size before anything is read; may throw
 * @throws as `openRegularFile`
 */
export function readRegularBytes(path: string, check?: (sizeBytes: number) => void): Buffer {
  const descriptor = openRegularFileSync(path)
  try {
    check?.(fstatSync(descriptor).size)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** A file of which parts are read. */
interface FileParts {
  sizeBytes: number
  /** Fewer bytes where the file ends before. */
  read(position: number, length: number): Uint8Array
}

/** Does something with an open file, at once as `readRegularBytes`. @throws as `openRegularFile` */
export async function withRegularFile<T>(path: string, use: (file: FileParts) => Promise<T>): Promise<T> {
  const descriptor = openRegularFileSync(path)
  try {
    const sizeBytes = fstatSync(descriptor).size
    return await use({
      sizeBytes,
      read(position, length) {
        const bytes = new Uint8Array(Math.max(0, Math.min(length, sizeBytes - position)))
        return bytes.length === 0
          ? bytes
          : bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, position))
      },
    })
  } finally {
    closeSync(descriptor)
  }
}

/** All of a file as text. @throws as `openRegularFile` */
export function readRegularText(path: string): string {
  const descriptor = openRegularFileSync(path)
  try {
    return readFileSync(descriptor, 'utf8')
  } finally {
    closeSync(descriptor)
  }
}

/** For what others open: what is there must be a file, or nothing. @throws LabError badInput */
export function refuseOtherThanFile(path: string, mend = giveFile): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found) refuseOther(found, path, mend)
}

function refuseOther(found: Stats, path: string, mend = giveFile): void {
  const kind = otherKind(found)
  if (kind !== null) throw new LabError('badInput', `${path} is not a file but ${kind}. ${mend}`)
}

/** What is there where it is no file, with its article; null for a file. */
export function otherKind(
  found: Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket'>,
): string | null {
  if (found.isFile()) return null
  if (found.isDirectory()) return 'a folder'
  if (found.isFIFO()) return 'a named pipe'
  return found.isSocket() ? 'a socket' : 'a device'
}

/** For a path that the user gave: to be caught where opening it failed. @throws LabError badInput */
export const cannotOpen =
  (path: string) =>
  (cause: unknown): never => {
    if (cause instanceof LabError) throw cause
    throw new LabError('badInput', `${path} cannot be opened. Check the path.`, { cause })
  }
