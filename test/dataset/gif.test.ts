import * as fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstFrame } from '#main/dataset/image/gif/gifFrame.ts'
import { unpackLzw } from '#main/dataset/image/gif/unpackLzw.ts'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { LabError } from '#shared/domain/labError.ts'
import { tries } from '../thorough.ts'

// Written by Pillow 12.3, each beside a PNG of what Pillow reads in it.
const fixture = (name: string) => readFile(path.join(import.meta.dirname, '../fixtures/gif', name))
const names = ['photo', 'interlaced', 'noise', 'transparent', 'two-colours', 'animated']

/** Packs values as the plainest encoder does: every value a code of its own, cleared before codes grow. */
function packPlainly(values: readonly number[], minimumCodeBits: number): Uint8Array {
  const clear = 1 << minimumCodeBits
  const codes = values.flatMap((value, i) => (i % (clear - 2) === 0 ? [clear, value] : [value]))
  const bits = [...codes, clear + 1].flatMap((code) =>
    Array.from({ length: minimumCodeBits + 1 }, (_, k) => (code >> k) & 1),
  )
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, k) => byte | (bit << k), 0),
  )
}

/** Where the first frame's descriptor starts, in a file without a palette of its own for it. */
const descriptorAt = (bytes: Uint8Array) => firstFrame(bytes)!.pieces[0].byteOffset - bytes.byteOffset - 12

async function reasonOf(bytes: Uint8Array): Promise<string | null> {
  try {
    await decodeImage(bytes, 1)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(LabError)
    expect(error).toMatchObject({ code: 'badInput' })
    return (error as LabError).message
  }
}

describe('GIF', () => {
  it.each(names)('%s has the pixels that others read in it', async (name) => {
    const gif = await decodeImage(await fixture(`${name}.gif`), 3)
    const png = await decodeImage(await fixture(`${name}.png`), 3)
    expect([gif.width, gif.height]).toEqual([png.width, png.height])
    expect(gif.pixels).toEqual(png.pixels)
  })

  it('lays transparency over mid grey', async () => {
    const { pixels } = await decodeImage(await fixture('transparent.gif'), 1)
    expect(pixels.filter((value) => value === 0.5).length).toBeGreaterThan(10)
  })

  it('a frame smaller than its canvas stands where it belongs, the rest is mid grey', async () => {
    const canvas = Buffer.from(await fixture('two-colours.gif'))
    canvas.writeUInt16LE(20, 6)
    canvas.writeUInt16LE(12, 8)
    const at = descriptorAt(canvas)
    canvas.writeUInt16LE(2, at + 1)
    canvas.writeUInt16LE(3, at + 3)
    const moved = await decodeImage(canvas, 1)
    const plain = await decodeImage(await fixture('two-colours.gif'), 1)
    expect([moved.width, moved.height, moved.pixels[0]]).toEqual([20, 12, 0.5])
    expect(moved.pixels.subarray(3 * 20 + 2, 3 * 20 + 19)).toEqual(plain.pixels.subarray(0, 17))
  })

  it('a canvas of more than 100 megapixels is refused before memory is taken', async () => {
    const bytes = Buffer.from(await fixture('photo.gif'))
    bytes.writeUInt16LE(60_000, 6)
    bytes.writeUInt16LE(60_000, 8)
    expect(await reasonOf(bytes)).toMatch(/^Too large: 60000 × 60000 px are 3600 megapixels/)
    const frame = Buffer.from(await fixture('photo.gif'))
    const descriptor = descriptorAt(frame)
    frame.writeUInt16LE(65_535, descriptor + 5)
    frame.writeUInt16LE(65_535, descriptor + 7)
    expect(await reasonOf(frame)).toMatch(/^Too large: 65535 × 65535 px/)
  })

  it('every cut is noticed', async () => {
    for (const name of names) {
      const bytes = await fixture(`${name}.gif`)
      const step = Math.ceil(bytes.length / 60)
      for (let length = 0; length < bytes.length; length += step) {
        expect(await reasonOf(bytes.subarray(0, length)), `${name} cut to ${length}`).toMatch(/\.$/)
      }
    }
  })

  it('bytes changed at random give an image or a sentence, never a crash', async () => {
    const files = await Promise.all(names.map((name) => fixture(`${name}.gif`)))
    const change = fc.tuple(fc.nat(), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (file, changes) => {
          const bytes = Buffer.from(file)
          for (const [at, value] of changes) bytes[at % Math.min(bytes.length, 2000)] = value
          await reasonOf(bytes)
        },
      ),
      { numRuns: tries(400) },
    )
  })
})

describe('unpackLzw', () => {
  it('gives back what was packed, however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 255 }),
        (minimumCodeBits, values, pieceLength) => {
          const packed = packPlainly(values, minimumCodeBits)
          const pieces = Array.from({ length: Math.ceil(packed.length / pieceLength) }, (_, i) =>
            packed.subarray(i * pieceLength, (i + 1) * pieceLength),
          )
          expect(unpackLzw(pieces, minimumCodeBits, values.length)).toEqual(Uint8Array.from(values))
          expect(unpackLzw(pieces, minimumCodeBits, values.length + 1)).toBeNull()
        },
      ),
    )
  })

  it('any bytes at all are unpacked or refused, and yield no more than was asked for', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.nat(12),
        fc.nat(5000),
        (piece, minimumCodeBits, length) => {
          const values = unpackLzw([piece], minimumCodeBits, length)
          if (values !== null) expect(values).toHaveLength(length)
        },
      ),
      { numRuns: tries(500) },
    )
  })
})
