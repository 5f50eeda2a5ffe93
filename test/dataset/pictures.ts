import { crc32, deflateSync } from 'node:zlib'

// Pictures written byte by byte from the formats' specifications, so that a reader is checked against something
// else than its own writer.

export type PngColour = 'grey' | 'rgb' | 'palette' | 'greyAlpha' | 'rgba'
const colourTypes: Record<PngColour, number> = { grey: 0, rgb: 2, palette: 3, greyAlpha: 4, rgba: 6 }

export interface PngOptions {
  width: number
  height: number
  bits: 1 | 2 | 4 | 8 | 16
  colour: PngColour
  /** Scan lines without their filter bytes. */
  rows: Uint8Array[]
  palette?: number[]
  transparency?: number[]
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(content.length, 0)
  body.copy(bytes, 4)
  bytes.writeUInt32BE(crc32(body), body.length + 4)
  return bytes
}

const pngStart = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function pngHeader(width: number, height: number, bits: number, colour: PngColour): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([bits, colourTypes[colour], 0, 0, 0], 8)
  return chunk('IHDR', header)
}

export function png({ width, height, bits, colour, rows, palette, transparency }: PngOptions): Buffer {
  return Buffer.concat([
    pngStart,
    pngHeader(width, height, bits, colour),
    ...(palette ? [chunk('PLTE', Uint8Array.from(palette))] : []),
    ...(transparency ? [chunk('tRNS', Uint8Array.from(transparency))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(rows.flatMap((row) => [Buffer.of(0), row])))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** An 8-bit grey PNG. */
export function greyPng(width: number, height: number, value: (x: number, y: number) => number): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Uint8Array.from({ length: width }, (_, x) => value(x, y)),
  )
  return png({ width, height, bits: 8, colour: 'grey', rows })
}

/** An 8-bit PNG of colours with one alpha. */
export function rgbaPng(width: number, height: number, alpha: number): Buffer {
  const rows = Array.from({ length: height }, (_, y) =>
    Uint8Array.from({ length: 4 * width }, (_, i) => (i % 4 === 3 ? alpha : (i * 31 + y * 13) % 256)),
  )
  return png({ width, height, bits: 8, colour: 'rgba', rows })
}

/** A small file that unpacks to width × height zeros: a decompression bomb. */
export function zeroPng(width: number, height: number): Buffer {
  return Buffer.concat([
    pngStart,
    pngHeader(width, height, 8, 'grey'),
    chunk('IDAT', deflateSync(Buffer.alloc((width + 1) * height))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

export const bigEndian16 = (values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => bytes.writeUInt16BE(value, i * 2))
  return bytes
}

export interface TiffOptions {
  width: number
  height: number
  bits: number
  samples: 1 | 3
  /** 0 white is zero, 1 black is zero, 2 RGB */
  photometric: 0 | 1 | 2
  bytes: Uint8Array
  /** Further tags of one 16-bit value. */
  tags?: [tag: number, value: number][]
  sampleFormat?: number
}

/** An uncompressed little-endian TIFF with its directory behind the pixels, as libtiff writes it. */
export function tiff({
  width,
  height,
  bits,
  samples,
  photometric,
  bytes,
  tags = [],
  sampleFormat = 1,
}: TiffOptions): Buffer {
  const start = Buffer.alloc(8)
  start.write('II*\0', 'latin1')
  const directoryAt = 8 + bytes.length + (bytes.length % 2)
  start.writeUInt32LE(directoryAt, 4)
  const entries: [tag: number, value: number][] = [
    [256, width],
    [257, height],
    [259, 1],
    [262, photometric],
    [273, 8],
    [277, samples],
    [278, height],
    [279, bytes.length],
    ...tags,
  ]
  const count = entries.length + 2
  const listsAt = directoryAt + 2 + count * 12 + 4
  const lists = Buffer.alloc(12)
  const list = (tag: number, value: number, at: number): Buffer => {
    const entry = Buffer.alloc(12)
    entry.writeUInt16LE(tag, 0)
    entry.writeUInt16LE(3, 2)
    entry.writeUInt32LE(samples, 4)
    if (samples === 1) entry.writeUInt16LE(value, 8)
    else entry.writeUInt32LE(listsAt + at, 8)
    for (let i = 0; i < 3; i++) lists.writeUInt16LE(value, at + i * 2)
    return entry
  }
  const directory = [
    ...entries.map(([tag, value]) => {
      const entry = Buffer.alloc(12)
      entry.writeUInt16LE(tag, 0)
      entry.writeUInt16LE(4, 2)
      entry.writeUInt32LE(1, 4)
      entry.writeUInt32LE(value, 8)
      return entry
    }),
    list(258, bits, 0),
    list(339, sampleFormat, 6),
  ].toSorted((a, b) => a.readUInt16LE(0) - b.readUInt16LE(0))
  const size = Buffer.alloc(2)
  size.writeUInt16LE(count)
  return Buffer.concat([
    start,
    bytes,
    Buffer.alloc(bytes.length % 2),
    size,
    ...directory,
    Buffer.alloc(4),
    lists,
  ])
}

/** An uncompressed 24-bit bitmap. @param pixels rows from the top, [red, green, blue] each */
export function bitmap(pixels: number[][][]): Buffer {
  const height = pixels.length
  const width = pixels[0].length
  const rowBytes = Math.ceil((width * 3) / 4) * 4
  const bytes = Buffer.alloc(54 + rowBytes * height)
  bytes.write('BM', 'latin1')
  bytes.writeUInt32LE(bytes.length, 2)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  for (const [y, row] of pixels.entries()) {
    for (const [x, [red, green, blue]] of row.entries()) {
      bytes.set([blue, green, red], 54 + (height - 1 - y) * rowBytes + x * 3)
    }
  }
  return bytes
}

/** Puts a camera's note of orientation (1 to 8) into a JPEG. */
export function withOrientation(jpeg: Uint8Array, orientation: number): Buffer {
  const exif = Buffer.from('Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0', 'latin1')
  exif[24] = orientation
  const marker = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), marker, exif, jpeg.subarray(2)])
}
