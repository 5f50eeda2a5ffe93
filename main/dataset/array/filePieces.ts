import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { readPieces } from '../readAt.ts'

export interface FilePieces {
  /** Of the file as it lies there. */
  sizeBytes: number
  /** Bytes of the file that went into what was given out so far. */
  readBytes(): number
  /** More than so many bytes cannot come, now that the first have: deflate packs 1032 bytes into one at best. */
  mostBytes(): number
  /** The file's bytes, unpacked where it is gzipped. @throws LabError badInput where it is damaged or cut */
  pieces(): AsyncGenerator<Uint8Array>
}

const pieceBytes = 1 << 20

export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

/** A file from its start to its end, never more than a piece of it in memory. */
export async function openPieces(path: string, name: string): Promise<FilePieces> {
  const probe = await openRegularFile(path)
  const { size } = await probe.stat().finally(() => probe.close())
  let readBytes = 0
  let mostBytes = Infinity

  async function* raw(): AsyncGenerator<Uint8Array> {
    const handle = await openRegularFile(path)
    try {
      for await (const piece of readPieces(handle, 0, size, pieceBytes)) {
        readBytes += piece.length
        yield piece
      }
    } finally {
      await handle.close()
    }
  }

  return {
    sizeBytes: size,
    readBytes: () => readBytes,
    mostBytes: () => mostBytes,
    async *pieces() {
      const source = raw()
      const first = await source.next()
      if (first.done) return
      const all = joined(first.value, source)
      const isPacked = isGzip(first.value)
      mostBytes = isPacked ? 1032 * size : size
      if (isPacked) yield* gunzipped(all, name)
      else yield* all
    },
  }
}

async function* joined(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first
    yield* rest
  } finally {
    // Whoever wanted the first piece alone has not begun the rest, which holds the file open.
    await rest.return(undefined)
  }
}

async function* gunzipped(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip()
  // The callback gets what the loop below throws too.
  pipeline(Readable.from(pieces), gunzip, () => {})
  try {
    for await (const piece of gunzip) yield piece as Uint8Array
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (!code?.startsWith('Z_')) throw error
    const problem = code === 'Z_BUF_ERROR' ? 'ends early' : 'is damaged: it cannot be unpacked'
    throw new LabError('badInput', `${name} ${problem}. Copy it again.`, { cause: error })
  }
}
