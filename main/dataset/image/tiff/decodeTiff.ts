import { LabError } from '#shared/domain/labError.ts'
import { refuseTooLarge } from '../checkImage.ts'
import type { Decoded } from '../decoded.ts'
import { decodeJpeg } from '../jpeg/decodeJpeg.ts'
import { readJpegHead } from '../jpeg/jpegMarkers.ts'
import { damaged, endsEarly } from '../rows/lines.ts'
import type { ByteSource, TiffDirectory } from '../tiffDirectory.ts'
import { unpack } from './tiffCompression.ts'
import { samplesOf, type SampleKind } from './tiffSamples.ts'

const jpeg = 7
const [whiteIsZero, blackIsZero, rgb, palette, cmyk, ycbcr] = [0, 1, 2, 3, 5, 6]
const mostBytes = 800_000_000

/** How a page is stored. */
interface Layout extends SampleKind {
  width: number
  height: number
  /** Of a pixel, with those that are no colours. */
  samples: number
  photometric: number
  compression: number
  /** Of the strips or tiles. */
  segmentWidth: number
  segmentHeight: number
  offsets: number[]
  sizes: number[]
  /** Each sample has strips of its own. */
  isPlanar: boolean
  reversesBits: boolean
}

/**
 * Decodes a page of a TIFF file: strips or tiles, samples together or in planes, 1 to 64 bits.
 * @returns floats where 8 or 16 bits do not hold the values; signed numbers, and those that do not lie in [0, 1], are
 * scaled from the page's own least and largest, and `isScaled`
 * @throws LabError badInput where it is damaged, cut short, or of a kind that is not read
 */
export function decodeTiff(
  source: ByteSource,
  page: TiffDirectory,
  channels: 1 | 3,
): Decoded & { isScaled: boolean } {
  const layout = layoutOf(page)
  const { width, height, photometric } = layout
  const last = layout.offsets.reduce((end, offset, i) => Math.max(end, offset + (layout.sizes[i] ?? 0)), 0)
  if (last > source.sizeBytes) throw endsEarly()
  if (layout.compression === jpeg) return { ...decodeJpegs(source, page, layout, channels), isScaled: false }
  const { values, isScaled } = samplesOf(readSamples(source, layout, page), layout, photometric === palette)
  return { ...coloursOf({ width, height }, layout, page, values), isScaled }
}

function layoutOf(page: TiffDirectory): Layout {
  const first = (tag: number, usual: number) => page.number(tag) ?? usual
  const [width, height] = [first(256, 0), first(257, 0)]
  if (width === 0 || height === 0) throw damaged()
  refuseTooLarge({ width, height })
  const samples = first(277, 1)
  const bits = first(258, 1)
  const format = first(339, 1)
  const isTiled = page.numbers(322) !== undefined
  const segmentWidth = isTiled ? first(322, 0) : width
  const segmentHeight = isTiled ? first(323, 0) : Math.min(height, first(278, height))
  if (segmentWidth === 0 || segmentHeight === 0 || samples === 0 || samples > 256) throw damaged()
  refuseTooLarge({ width: segmentWidth, height: segmentHeight })
  const alike = (tag: number, value: number) => (page.numbers(tag) ?? []).every((each) => each === value)
  if (!alike(258, bits) || !alike(339, format)) unsupported('samples of different kinds')
  if (bits > 64 || (format === 3 && ![16, 32, 64].includes(bits)) || format > 4)
    unsupported(`samples of ${bits} bits`)
  if (width * height * samples * Math.max(1, bits / 8) > mostBytes)
    throw new LabError(
      'badInput',
      'The image needs too much memory. Scale it down or save it with 8 bits per channel.',
    )
  const isPlanar = first(284, 1) === 2 && samples > 1
  const offsets = page.numbers(isTiled ? 324 : 273) ?? []
  const sizes = page.numbers(isTiled ? 325 : 279) ?? []
  const across = Math.ceil(width / segmentWidth)
  const needed = across * Math.ceil(height / segmentHeight) * (isPlanar ? samples : 1)
  if (offsets.length < needed) throw damaged()
  const photometric = first(262, samples >= 3 ? rgb : blackIsZero)
  const known: readonly number[] = [whiteIsZero, blackIsZero, rgb, palette, cmyk, ycbcr]
  if (!known.includes(photometric)) unsupported('colours of this kind')
  return {
    width,
    height,
    samples,
    bits,
    isSigned: format === 2,
    isFloat: format === 3,
    littleEndian: page.littleEndian,
    predictor: first(317, 1),
    photometric,
    compression: first(259, 1),
    segmentWidth,
    segmentHeight,
    offsets: offsets.slice(0, needed),
    // Some writers of a single strip leave its length out.
    sizes: sizes.length < needed ? offsets.map(() => Infinity) : sizes,
    isPlanar,
    reversesBits: first(266, 1) === 2,
  }
}

function unsupported(what: string): never {
  throw new LabError('badInput', `TIFF with ${what} is not supported. Save it as 8-bit or 16-bit PNG.`)
}

interface Segment {
  index: number
  /** Sample that it begins with. */
  plane: number
  x: number
  y: number
  /** Rows that it holds. */
  rows: number
}

function* segmentsOf({
  width,
  height,
  samples,
  segmentWidth,
  segmentHeight,
  isPlanar,
}: Layout): Generator<Segment> {
  let index = 0
  const isTiled = segmentWidth !== width
  for (let plane = 0; plane < (isPlanar ? samples : 1); plane++) {
    for (let y = 0; y < height; y += segmentHeight) {
      for (let x = 0; x < width; x += segmentWidth) {
        yield { index, plane, x, y, rows: isTiled ? segmentHeight : Math.min(segmentHeight, height - y) }
        index += 1
      }
    }
  }
}

function packedBytes(
  source: ByteSource,
  { offsets, sizes, reversesBits }: Layout,
  index: number,
): Uint8Array {
  const length = Math.min(sizes[index], source.sizeBytes - offsets[index])
  const packed = source.read(offsets[index], Math.max(0, length))
  return reversesBits ? packed.map((byte) => reversed[byte]) : packed
}

const reversed = Uint8Array.from({ length: 256 }, (_, byte) => {
  let other = 0
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) other |= 0x80 >> bit
  return other
})

/** Calls back with each row of each strip or tile. */
function readSamples(source: ByteSource, layout: Layout, page: TiffDirectory) {
  const { width, height, samples, bits, segmentWidth, isPlanar, photometric, compression } = layout
  const own = isPlanar ? 1 : samples
  const [right, down] = photometric === ycbcr && !isPlanar ? (page.numbers(530) ?? [2, 2]) : [1, 1]
  if (photometric === ycbcr && (right !== 1 || down !== 1)) unsupported('colours at half the size')
  const rowBytes = Math.ceil((segmentWidth * own * bits) / 8)
  return function* (): Generator<{ row: Uint8Array; to: number; count: number; step: number; own: number }> {
    for (const { index, plane, x, y, rows } of segmentsOf(layout)) {
      const bytes = unpack(compression, packedBytes(source, layout, index), rowBytes * rows)
      const count = Math.min(segmentWidth, width - x)
      for (let row = 0; row < rows && y + row < height; row++) {
        yield {
          row: bytes.subarray(row * rowBytes, (row + 1) * rowBytes),
          to: ((y + row) * width + x) * samples + plane,
          count,
          step: isPlanar ? samples : 1,
          own,
        }
      }
    }
  }
}

type Values = Decoded['values']
const sameKind = (values: Values, length: number): Values =>
  new (values.constructor as new (length: number) => Values)(length)
const largest = (values: Values) =>
  values instanceof Float32Array ? 1 : values instanceof Uint16Array ? 65_535 : 255

/** Of what is stored, what is seen: palettes resolved, colours as red, green and blue, alpha as it is. */
function coloursOf(
  size: { width: number; height: number },
  { samples, photometric, bits }: Layout,
  page: TiffDirectory,
  stored: Values,
): Decoded {
  const pixels = size.width * size.height
  if (photometric === palette) {
    const table = page.numbers(320) ?? []
    const entries = 2 ** bits
    if (table.length < 3 * entries) throw damaged()
    // Old writers put 8 bits into 16.
    const shift = table.some((value) => value > 255) ? 8 : 0
    const values = new Uint8Array(pixels * 3)
    for (let i = 0; i < pixels; i++) {
      const index = stored[i * samples]
      for (let k = 0; k < 3; k++) values[i * 3 + k] = table[k * entries + index] >> shift
    }
    return { ...size, samples: 3, values }
  }
  const full = largest(stored)
  if (photometric === cmyk) {
    if (samples < 4) throw damaged()
    const values = sameKind(stored, pixels * 3)
    for (let i = 0; i < pixels; i++) {
      const light = 1 - stored[i * samples + 3] / full
      for (let k = 0; k < 3; k++) values[i * 3 + k] = (full - stored[i * samples + k]) * light
    }
    return { ...size, samples: 3, values }
  }
  const colours = photometric === rgb || photometric === ycbcr ? 3 : 1
  if (samples < colours) throw damaged()
  const [extra] = page.numbers(338) ?? []
  const isAssociated = extra === 1 && samples > colours
  const hasAlpha = (extra === 1 || extra === 2) && samples > colours
  const own = (colours + (hasAlpha ? 1 : 0)) as Decoded['samples']
  const values = isAssociated ? new Float32Array(pixels * own) : sameKind(stored, pixels * own)
  for (let i = 0; i < pixels; i++) {
    const from = i * samples
    const alpha = isAssociated ? stored[from + colours] / full : 1
    for (let k = 0; k < own; k++) {
      let value = stored[from + k]
      if (k < colours && photometric === whiteIsZero) value = full - value
      if (isAssociated) value = k < colours ? (alpha > 0 ? value / full / alpha : 0) : alpha
      values[i * own + k] = value
    }
    if (photometric === ycbcr) toRgb(values, i * own, full)
  }
  return { ...size, samples: own, values }
}

/** By Rec. 601, as JPEG does. */
function toRgb(values: Values, at: number, full: number): void {
  const middle = full === 1 ? 0.5 : (full + 1) / 2
  const [y, blue, red] = [values[at], values[at + 1] - middle, values[at + 2] - middle]
  const within = (value: number) => Math.max(0, Math.min(full, full === 1 ? value : Math.round(value)))
  values[at] = within(y + 1.402 * red)
  values[at + 1] = within(y - 0.344136 * blue - 0.714136 * red)
  values[at + 2] = within(y + 1.772 * blue)
}

/** Strips or tiles that are JPEGs, whose tables may stand in the directory. */
function decodeJpegs(source: ByteSource, page: TiffDirectory, layout: Layout, channels: 1 | 3): Decoded {
  const { width, height, photometric, isPlanar, samples: stored } = layout
  if (layout.bits !== 8 || photometric === cmyk || (stored !== 1 && stored !== 3))
    unsupported('JPEG of this kind')
  const tables = page.bytes(347)?.subarray(2, -2) ?? new Uint8Array(0)
  const start = Buffer.from([0xff, 0xd8])
  const mark = stored === 3 && !isPlanar ? adobe(photometric === ycbcr) : Buffer.alloc(0)
  let samples: 1 | 3 = 1
  let values = new Uint8Array(0)
  for (const { index, plane, x, y } of segmentsOf(layout)) {
    const packed = packedBytes(source, { ...layout, reversesBits: false }, index)
    const file = Buffer.concat([start, mark, tables, packed.subarray(2)])
    const head = readJpegHead(file)
    if (head === null || head.width > layout.segmentWidth || head.height > layout.segmentHeight)
      throw damaged()
    const image = decodeJpeg(file, isPlanar ? 1 : channels)
    if (image === null || (image.samples !== 1 && image.samples !== 3)) throw damaged()
    if (index === 0) {
      samples = isPlanar ? 3 : image.samples
      values = new Uint8Array(width * height * samples)
    }
    if (image.samples !== (isPlanar ? 1 : samples)) throw damaged()
    const count = Math.min(image.width, width - x) * image.samples
    for (let row = 0; row < Math.min(image.height, height - y); row++) {
      const line = image.values.subarray(row * image.width * image.samples).subarray(0, count)
      const to = ((y + row) * width + x) * samples
      if (isPlanar) for (let i = 0; i < count; i++) values[to + i * samples + plane] = line[i]
      else values.set(line, to)
    }
  }
  if (photometric === whiteIsZero) for (let i = 0; i < values.length; i++) values[i] = 255 - values[i]
  const image: Decoded = { width, height, samples, values }
  if (isPlanar && photometric === ycbcr) for (let i = 0; i < values.length; i += 3) toRgb(values, i, 255)
  return image
}

/** Adobe's mark, which says whether colours are stored as luma and differences, or as they are. */
const adobe = (isYcbcr: boolean) =>
  Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, isYcbcr ? 1 : 0])
