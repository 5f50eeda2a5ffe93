import type { FileHandle } from 'node:fs/promises'
import { openRegularFile } from '#db/regularFile.ts'
import { readAt, readPieces } from '../../readAt.ts'
import type { RowImage } from '../../sample/cutFromRows.ts'
import { isTransparent, toPixels } from '../toPixels.ts'
import type { Samples } from '../decoded.ts'
import { damaged, inflated, linesOf } from './lines.ts'
import { unfilter } from './pngFilters.ts'
import { pngSamples, type PngColours } from './pngSamples.ts'

const headerBytes = 29
/** Of each colour type; 0 where there is none. */
const samplesOf = [1, 0, 3, 1, 2, 0, 4]
const bitsOf: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/**
 * A PNG that is read row by row, with the same values as when it is read at once.
 * @returns null where its rows are interlaced
 * @throws LabError badInput where the header makes no sense
 */
export async function pngRows(path: string, channels: 1 | 3): Promise<RowImage | null> {
  const handle = await openRegularFile(path)
  try {
    const start = await readAt(handle, 0, headerBytes)
    if (start.length < headerBytes) throw damaged()
    const view = new DataView(start.buffer)
    const [bits, colour, compression, filter, interlace] = start.subarray(24)
    if (interlace === 1) return null
    if (!bitsOf[colour]?.includes(bits) || compression !== 0 || filter !== 0 || interlace !== 0)
      throw damaged()
    const [width, height] = [view.getUint32(16), view.getUint32(20)]
    let transparent = false
    return {
      width,
      height,
      channels,
      async *readRows() {
        for await (const line of readRows(path, { width, height, bits, colour })) {
          transparent ||= isTransparent(line)
          yield toPixels(line, channels)
        }
      },
      isTransparent: () => transparent,
    }
  } finally {
    await handle.close()
  }
}

interface Layout {
  width: number
  height: number
  bits: number
  colour: number
}

async function* readRows(path: string, { width, height, bits, colour }: Layout): AsyncGenerator<Samples> {
  const handle = await openRegularFile(path)
  try {
    const colours: PngColours = { palette: null, transparency: null }
    const bitsPerPixel = samplesOf[colour] * bits
    const lineBytes = Math.ceil((width * bitsPerPixel) / 8)
    let previous = new Uint8Array(lineBytes)
    let current = new Uint8Array(lineBytes)
    for await (const line of linesOf(inflated(imageBytes(handle, colours)), 1 + lineBytes, height)) {
      current.set(line.subarray(1))
      if (!unfilter(line[0], current, previous, Math.max(1, bitsPerPixel / 8))) throw damaged()
      yield pngSamples(current, width, bits, colour, colours)
      ;[previous, current] = [current, previous]
    }
  } finally {
    await handle.close()
  }
}

const longestPalette = 768
/** Chunks of other kinds; empty ones would be gone through for hours. */
const mostOthers = 65_536

/** What the chunks named IDAT hold; palette and transparency, which stand before them, are noted on the way. */
async function* imageBytes(handle: FileHandle, colours: PngColours): AsyncGenerator<Uint8Array> {
  let others = 0
  for (let at = 8; ;) {
    const head = Buffer.from(await readAt(handle, at, 8))
    if (head.length < 8) return
    const length = head.readUInt32BE(0)
    const type = head.toString('latin1', 4)
    if (type === 'IEND') return
    if (type === 'IDAT' && length > 0) yield* readPieces(handle, at + 8, length)
    else if (++others > mostOthers) throw damaged()
    if (type === 'PLTE' || type === 'tRNS') {
      if (length > longestPalette) throw damaged()
      colours[type === 'PLTE' ? 'palette' : 'transparency'] = await readAt(handle, at + 8, length)
    }
    at += 12 + length
  }
}
