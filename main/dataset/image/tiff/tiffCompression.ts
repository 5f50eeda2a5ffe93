import { constants, inflateSync } from 'node:zlib'
import { decompress } from 'fzstd'
import { LabError } from '#shared/domain/labError.ts'
import { damaged } from '../rows/lines.ts'

type Unpack = (packed: Uint8Array, length: number) => Uint8Array

/** By the number that TIFF gives them; JPEG is no packing of bytes. */
const unpackers: Partial<Record<number, Unpack>> = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflate,
  32946: inflate,
  32773: unpackBits,
  50000: (packed, length) => decompress(packed, new Uint8Array(length)),
}

const otherNames: Partial<Record<number, string>> = {
  2: 'CCITT',
  3: 'CCITT fax',
  4: 'CCITT fax',
  6: 'the old kind of JPEG',
  34661: 'JBIG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50001: 'WebP',
  50002: 'JPEG XL',
}

/**
 * Unpacks a strip or tile.
 * @param length bytes that there should be
 * @throws LabError badInput where it is damaged, ends early or is packed in another way
 */
export function unpack(compression: number, packed: Uint8Array, length: number): Uint8Array {
  const unpackBytes = unpackers[compression]
  if (unpackBytes === undefined) {
    const name = otherNames[compression] ?? `method ${compression}`
    throw new LabError(
      'badInput',
      `TIFF packed by ${name} is not supported. Save it as PNG, or as TIFF by LZW.`,
    )
  }
  let bytes
  try {
    bytes = unpackBytes(packed, length)
  } catch (error) {
    throw error instanceof LabError ? error : damaged(error)
  }
  if (bytes.length < length) throw damaged()
  return bytes.subarray(0, length)
}

/** A file may hold more than is needed, or lack the end of its stream. */
function inflate(packed: Uint8Array, length: number): Uint8Array {
  return inflateSync(packed, {
    maxOutputLength: Math.max(64, length + 65_536),
    finishFlush: constants.Z_SYNC_FLUSH,
  })
}

function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let to = 0
  for (let at = 0; at < packed.length && to < length;) {
    const count = packed[at++]
    if (count === 128) continue
    if (count < 128) {
      const run = packed.subarray(at, at + Math.min(count + 1, length - to))
      bytes.set(run, to)
      to += run.length
      at += count + 1
    } else {
      const end = Math.min(length, to + 257 - count)
      bytes.fill(packed[at++] ?? 0, to, end)
      to = end
    }
  }
  return bytes.subarray(0, to)
}

const clear = 256
const end = 257
const mostCodes = 4096

/** TIFF's variant of Lempel–Ziv–Welch: codes of 9 to 12 bits, most significant first, one code early. */
function unpackLzw(packed: Uint8Array, length: number): Uint8Array {
  if (packed[0] === 0 && (packed[1] & 1) === 1) {
    throw new LabError('badInput', 'TIFF packed by the old kind of LZW is not supported. Save it as PNG.')
  }
  const bytes = new Uint8Array(length)
  // What a code stands for was written before: where, and how long it is.
  const starts = new Uint32Array(mostCodes + 1)
  const lengths = new Uint32Array(mostCodes + 1)
  let [next, codeBits, bits, bitCount, to] = [end + 1, 9, 0, 0, 0]
  let previousStart = 0
  let previousLength = 0
  for (let at = 0; to < length;) {
    while (bitCount < codeBits) {
      if (at >= packed.length) return bytes.subarray(0, to)
      bits = ((bits << 8) | packed[at++]) & 0xffffff
      bitCount += 8
    }
    const code = (bits >>> (bitCount - codeBits)) & ((1 << codeBits) - 1)
    bitCount -= codeBits
    if (code === end) break
    if (code === clear) {
      ;[next, codeBits, previousLength] = [end + 1, 9, 0]
      continue
    }
    const start = to
    if (code < clear) bytes[to++] = code
    else if (code < next) {
      for (let k = 0; k < lengths[code] && to < length; k++) bytes[to++] = bytes[starts[code] + k]
    } else {
      if (code > next || previousLength === 0) throw damaged()
      for (let k = 0; k < previousLength && to < length; k++) bytes[to++] = bytes[previousStart + k]
      if (to < length) bytes[to++] = bytes[previousStart]
    }
    if (previousLength > 0 && next < mostCodes) {
      // The previous string and the first value of this one, which stand one after the other.
      starts[next] = previousStart
      lengths[next] = previousLength + 1
      next += 1
      if (next + 1 === 1 << codeBits && codeBits < 12) codeBits += 1
    }
    previousStart = start
    previousLength = to - start
  }
  return bytes.subarray(0, to)
}
