import type { Samples } from '../decoded.ts'
import { damaged } from './lines.ts'

/** Chunks that say what samples mean. */
export interface PngColours {
  /** Red, green, blue. */
  palette: Uint8Array | null
  /** Alpha of each palette entry, or the one colour that is transparent, 16 bits a sample. */
  transparency: Uint8Array | null
}

const grey = 0
const palette = 3

/** A line of PNG samples as the decoder of whole images hands them over: 8 or 16 bits, palette and key resolved. */
export function pngSamples(
  line: Uint8Array,
  width: number,
  bits: number,
  colour: number,
  colours: PngColours,
): Samples {
  if (colour === palette) return fromPalette(unpackBits(line, width, bits, 1), colours)
  const values =
    bits === 16 ? bigEndian16(line) : bits < 8 ? unpackBits(line, width, bits, scaleOf(bits)) : line
  const samples = ([1, 0, 3, 1, 2, 0, 4] as const)[colour] as 1 | 2 | 3 | 4
  const hasKey = colours.transparency !== null && (samples === 1 || samples === 3)
  if (!hasKey) return { samples, values }
  return withKey(values, samples, keyOf(colours, samples, colour === grey && bits < 8 ? scaleOf(bits) : 1))
}

const bigEndian16 = (line: Uint8Array): Uint16Array =>
  Uint16Array.from({ length: line.length >> 1 }, (_, i) => (line[2 * i] << 8) | line[2 * i + 1])

const scaleOf = (bits: number) => 255 / (2 ** bits - 1)

/** Samples of 1 to 8 bits, most significant first, each times `scale`. */
function unpackBits(line: Uint8Array, width: number, bits: number, scale: number): Uint8Array {
  const values = new Uint8Array(width)
  const mask = (1 << bits) - 1
  for (let x = 0; x < width; x++) {
    const at = x * bits
    values[x] = ((line[at >> 3] >> (8 - bits - (at & 7))) & mask) * scale
  }
  return values
}

function fromPalette(indices: Uint8Array, { palette, transparency }: PngColours): Samples {
  if (palette === null) throw damaged()
  const samples = transparency === null ? 3 : 4
  const values = new Uint8Array(indices.length * samples)
  for (let x = 0; x < indices.length; x++) {
    const index = indices[x]
    if (index * 3 + 2 >= palette.length) throw damaged()
    for (let channel = 0; channel < 3; channel++) values[x * samples + channel] = palette[index * 3 + channel]
    if (transparency !== null) values[x * 4 + 3] = transparency[index] ?? 255
  }
  return { samples, values }
}

function keyOf({ transparency }: PngColours, samples: 1 | 3, scale: number): number[] {
  const bytes = Buffer.from(transparency ?? [])
  if (bytes.length < 2 * samples) throw damaged()
  return Array.from({ length: samples }, (_, k) => bytes.readUInt16BE(2 * k) * scale)
}

/** Adds alpha: none where all samples of a pixel are the key's. */
function withKey(values: Uint8Array | Uint16Array, samples: 1 | 3, key: readonly number[]): Samples {
  const count = values.length / samples
  const deep = values instanceof Uint16Array
  const most = deep ? 0xffff : 0xff
  const length = count * (samples + 1)
  const wide = deep ? new Uint16Array(length) : new Uint8Array(length)
  for (let x = 0; x < count; x++) {
    let isKey = true
    for (let k = 0; k < samples; k++) {
      const value = values[x * samples + k]
      wide[x * (samples + 1) + k] = value
      isKey &&= value === key[k]
    }
    wide[x * (samples + 1) + samples] = isKey ? 0 : most
  }
  return { samples: samples === 1 ? 2 : 4, values: wide }
}
