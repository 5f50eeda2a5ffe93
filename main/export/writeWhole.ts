import { open, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { beginPart, endPart, sweepParts } from '#db/unfinished.ts'
import { LabError } from '#shared/domain/labError.ts'
import { stopHere } from './stopHere.ts'

const gatheredBytes = 1 << 16

/**
 * Writes a file whole or not at all: beside it first, then in its place. What killed processes left half written in its
 * folder is removed.
 * @returns the absolute path
 * @throws LabError badInput where it cannot be written there, diskFull, stopped where the signal is aborted
 */
export const writeWhole = (file: string, bytes: Uint8Array, signal?: AbortSignal): Promise<string> =>
  writeParts(file, [bytes], signal)

/** The same from parts that need not be in memory together; an error while they are made leaves the old file. */
export async function writeParts(
  file: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<string> {
  const target = path.resolve(file)
  const stop = () => stopHere(signal, `${target} was not written.`)
  await refuseOtherThanFile(target)
  await sweepParts(path.dirname(target))
  const part = beginPart(path.dirname(target))
  try {
    const handle = await open(part, 'wx')
    try {
      for await (const bytes of gathered(parts)) {
        await stop()
        await handle.writeFile(bytes)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await stop()
    await rename(part, target)
    return target
  } catch (error) {
    throw explain(error, target)
  } finally {
    endPart(part)
  }
}

/** Small parts together, so that a file of many records takes few writes. */
async function* gathered(
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let few: Uint8Array[] = []
  let sizeBytes = 0
  for await (const bytes of parts) {
    few.push(bytes)
    sizeBytes += bytes.length
    if (sizeBytes < gatheredBytes) continue
    yield few.length === 1 ? bytes : Buffer.concat(few)
    few = []
    sizeBytes = 0
  }
  yield Buffer.concat(few)
}

/** Renaming would put a file where a device was. */
async function refuseOtherThanFile(target: string): Promise<void> {
  const there = await stat(target).catch(() => null)
  if (there && !there.isFile()) {
    const what = there.isDirectory()
      ? 'a folder. Add a file name to it.'
      : 'not an ordinary file. Choose another path.'
    throw new LabError('badInput', `${target} is ${what}`)
  }
}

function explain(error: unknown, target: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (['ENOSPC', 'EDQUOT'].includes(code)) {
    return new LabError('diskFull', `The disk is full: ${target} was not written. Make space and try again.`)
  }
  if (['ENOENT', 'ENOTDIR'].includes(code)) {
    return new LabError(
      'badInput',
      `The folder ${path.dirname(target)} does not exist. Make it or choose another path.`,
    )
  }
  if (['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'ENAMETOOLONG'].includes(code)) {
    return new LabError(
      'badInput',
      `${target} cannot be written. Choose another path or change its permissions.`,
    )
  }
  return error
}
