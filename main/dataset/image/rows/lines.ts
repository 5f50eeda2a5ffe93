import { pipeline, Readable } from 'node:stream'
import { createInflate } from 'node:zlib'
import { LabError } from '#shared/domain/labError.ts'

export const damaged = (cause?: unknown) =>
  new LabError('badInput', 'The file is damaged: it cannot be decoded. Copy it again.', { cause })

export const endsEarly = () => new LabError('badInput', 'The file ends early. Copy it again.')

/** Unpacks zlib's format piece by piece. @throws LabError badInput where it is damaged */
export async function* inflated(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflate = createInflate()
  // The callback gets what the loop below throws too.
  pipeline(Readable.from(pieces), inflate, () => {})
  try {
    for await (const piece of inflate) yield piece as Uint8Array
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw endsEarly()
    throw code?.startsWith('Z_') ? damaged(error) : error
  }
}

/**
 * Cuts bytes into lines of equal length.
 * @throws LabError badInput where they end before `count` lines
 */
export async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  lineBytes: number,
  count: number,
): AsyncGenerator<Uint8Array> {
  const line = new Uint8Array(lineBytes)
  let filled = 0
  let done = 0
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length && done < count;) {
      const part = piece.subarray(at, at + lineBytes - filled)
      line.set(part, filled)
      filled += part.length
      at += part.length
      if (filled < lineBytes) continue
      yield line
      filled = 0
      done += 1
    }
    if (done === count) return
  }
  if (done < count) throw endsEarly()
}
