import type { FileHandle } from 'node:fs/promises'
import { openRegularFile } from '#db/regularFile.ts'
import { readPieces } from '../../readAt.ts'
import type { RowImage } from '../../sample/cutFromRows.ts'
import { toPixels } from '../toPixels.ts'
import { damaged, inflated, linesOf } from './lines.ts'
import { readTiffTags, type TiffTags } from './tiffTags.ts'

const tag = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripSizes: 279,
  planar: 284,
  predictor: 317,
  sampleFormat: 339,
  dngVersion: 50706,
} as const

const uncompressed = 1
/** Adobe's number, and the older one. */
const deflate = [8, 32946]

interface Layout {
  width: number
  height: number
  samples: 1 | 3
  bits: 8 | 16
  whiteIsZero: boolean
  /** Each sample is stored as the difference to the pixel on its left. */
  differences: boolean
  deflated: boolean
  littleEndian: boolean
  rowsPerStrip: number
  offsets: readonly number[]
  sizes: readonly number[]
}

/**
 * A TIFF of strips, uncompressed or deflated, 8 or 16 bits, grey or RGB, that is read row by row; null where it is
 * another kind.
 */
export async function tiffRows(path: string, channels: 1 | 3): Promise<RowImage | null> {
  const handle = await openRegularFile(path)
  try {
    const tags = await readTiffTags(handle)
    const layout = tags && layoutOf(tags)
    if (!layout) return null
    // Strips that lie over each other would be read as often as they are named.
    const { size } = await handle.stat()
    if (layout.sizes.reduce((sum, bytes) => sum + bytes, 0) > size) throw damaged()
    const { width, height } = layout
    return { width, height, channels, readRows: () => readRows(path, layout, channels) }
  } finally {
    await handle.close()
  }
}

function layoutOf({ littleEndian, numbers }: TiffTags): Layout | null {
  const first = (number: number, usual: number) => numbers(number)[0] ?? usual
  const [width, height] = [first(tag.width, 0), first(tag.height, 0)]
  const samples = first(tag.samples, 1)
  const bits = first(tag.bits, 1)
  const compression = first(tag.compression, uncompressed)
  const photometric = first(tag.photometric, 1)
  const predictor = first(tag.predictor, 1)
  const rowsPerStrip = Math.min(height, first(tag.rowsPerStrip, height))
  const [offsets, sizes] = [numbers(tag.stripOffsets), numbers(tag.stripSizes)]
  const isPlain =
    (samples === 1 || samples === 3) &&
    (bits === 8 || bits === 16) &&
    numbers(tag.bits).every((value) => value === bits) &&
    (compression === uncompressed || deflate.includes(compression)) &&
    (samples === 3 ? photometric === 2 : photometric <= 1) &&
    (predictor === 1 || predictor === 2) &&
    first(tag.planar, 1) === 1 &&
    first(tag.orientation, 1) === 1 &&
    numbers(tag.sampleFormat).every((value) => value === 1)
  const isPreview = (first(tag.newSubfileType, 0) & 1) === 1 || numbers(tag.dngVersion).length > 0
  const strips = rowsPerStrip > 0 ? Math.ceil(height / rowsPerStrip) : 0
  if (!isPlain || isPreview || width === 0 || strips === 0) return null
  if (offsets.length !== strips || sizes.length !== strips) return null
  return {
    width,
    height,
    samples,
    bits,
    whiteIsZero: samples === 1 && photometric === 0,
    differences: predictor === 2,
    deflated: compression !== uncompressed,
    littleEndian,
    rowsPerStrip,
    offsets,
    sizes,
  }
}

async function* readRows(path: string, layout: Layout, channels: 1 | 3): AsyncGenerator<Float32Array> {
  const handle = await openRegularFile(path)
  try {
    for (let strip = 0; strip < layout.offsets.length; strip++) {
      for await (const line of stripLines(handle, layout, strip)) {
        yield toPixels({ samples: layout.samples, values: samplesOf(line, layout) }, channels)
      }
    }
  } finally {
    await handle.close()
  }
}

function stripLines(
  handle: FileHandle,
  { width, height, samples, bits, deflated, rowsPerStrip, offsets, sizes }: Layout,
  strip: number,
): AsyncGenerator<Uint8Array> {
  const rows = Math.min(rowsPerStrip, height - strip * rowsPerStrip)
  const pieces = readPieces(handle, offsets[strip], sizes[strip])
  return linesOf(deflated ? inflated(pieces) : pieces, (width * samples * bits) / 8, rows)
}

/** Native endian, black is 0. */
function samplesOf(
  line: Uint8Array,
  { samples, bits, whiteIsZero, differences, littleEndian }: Layout,
): Uint8Array | Uint16Array {
  const bytes = Buffer.from(line)
  if (bits === 16 && !littleEndian) bytes.swap16()
  const values = bits === 16 ? new Uint16Array(Uint8Array.from(bytes).buffer) : Uint8Array.from(bytes)
  if (differences) for (let i = samples; i < values.length; i++) values[i] += values[i - samples]
  if (whiteIsZero) for (let i = 0; i < values.length; i++) values[i] = ~values[i]
  return values
}
