import { Transformer } from '@napi-rs/image'
import * as fc from 'fast-check'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage, readImage } from '#main/dataset/image/readImage.ts'
import { LabError } from '#shared/domain/labError.ts'
import {
  bigEndian16,
  bitmap,
  greyPng,
  png,
  tiff,
  withOrientation,
  zeroPng,
  type PngOptions,
} from './pictures.ts'
import { tries } from '../thorough.ts'

const photo = path.join(import.meta.dirname, '../fixtures/photos/aqua.jpg')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-images-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function grey(bytes: Uint8Array): Promise<number[]> {
  return Array.from((await decodeImage(bytes, 1)).pixels)
}
async function rgb(bytes: Uint8Array): Promise<number[]> {
  return Array.from((await decodeImage(bytes, 3)).pixels)
}
function expectClose(actual: number[], expected: number[]): void {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6))
}
function meanDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual.length).toBe(expected.length)
  return actual.reduce((sum, value, i) => sum + Math.abs(value - expected[i]), 0) / expected.length
}
/** The sentence that a user reads. */
async function reasonOf(bytes: Uint8Array): Promise<string> {
  const error = await decodeImage(bytes, 1).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).code).toBe('badInput')
  return (error as LabError).message
}

const line = (options: Omit<PngOptions, 'height' | 'rows'> & { row: number[] | Buffer }) =>
  png({ ...options, height: 1, rows: [Uint8Array.from(options.row)] })
const of255 = (values: number[]) => values.map((value) => value / 255)

describe('readImage: pixel values of PNG', () => {
  it.each([
    [1, [0b10110001], 8, [1, 0, 1, 1, 0, 0, 0, 1]],
    [2, [0b00011011], 4, [0, 1 / 3, 2 / 3, 1]],
    [4, [0x3c], 2, [3 / 15, 12 / 15]],
    [8, [0, 1, 128, 255], 4, of255([0, 1, 128, 255])],
  ] as const)('grey of %i bits', async (bits, row, width, expected) => {
    expectClose(await grey(line({ width, bits, colour: 'grey', row: [...row] })), [...expected])
  })

  it('keeps the precision of 16 bits', async () => {
    const row = bigEndian16([0, 1000, 1001, 65_535])
    expectClose(await grey(line({ width: 4, bits: 16, colour: 'grey', row })), [
      0,
      1000 / 65_535,
      1001 / 65_535,
      1,
    ])
  })

  it('resolves a palette', async () => {
    const palette = [255, 0, 0, 0, 255, 0, 10, 20, 30]
    const file = line({ width: 4, bits: 2, colour: 'palette', palette, row: [0b00011001] })
    expectClose(await rgb(file), of255([255, 0, 0, 0, 255, 0, 10, 20, 30, 0, 255, 0]))
  })

  it('turns colour into grey by Rec. 601 luma', async () => {
    const file = line({
      width: 4,
      bits: 8,
      colour: 'rgb',
      row: [255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77],
    })
    expectClose(await grey(file), [0.299, 0.587, 0.114, 77 / 255])
  })

  it('repeats grey in three channels', async () => {
    expectClose(await rgb(line({ width: 1, bits: 8, colour: 'grey', row: [51] })), [0.2, 0.2, 0.2])
  })

  it('lays transparency over mid grey', async () => {
    const alpha = 51 / 255
    const file = line({ width: 2, bits: 8, colour: 'rgba', row: [255, 0, 255, 51, 9, 9, 9, 0] })
    expectClose(await rgb(file), [alpha + 0.4, 0.4, alpha + 0.4, 0.5, 0.5, 0.5])
    const sixteen = bigEndian16([40_000, 32_768, 123, 0])
    expectClose(await grey(line({ width: 2, bits: 16, colour: 'greyAlpha', row: sixteen })), [
      (40_000 / 65_535) * (32_768 / 65_535) + 0.5 * (1 - 32_768 / 65_535),
      0.5,
    ])
    const palette = { palette: [0, 0, 0, 255, 255, 255], transparency: [0] }
    expectClose(await grey(line({ width: 2, bits: 8, colour: 'palette', ...palette, row: [0, 1] })), [0.5, 1])
  })

  it('says whether anything is transparent, not whether anything could be', async () => {
    const says = async (file: Buffer) => (await decodeImage(file, 1)).isTransparent
    expect(await says(line({ width: 1, bits: 8, colour: 'rgb', row: [1, 2, 3] }))).toBe(false)
    for (const last of [255, 254]) {
      const row = [9, 9, 9, 255, 9, 9, 9, last]
      expect(await says(line({ width: 2, bits: 8, colour: 'rgba', row }))).toBe(last < 255)
      const sixteen = bigEndian16([7, 65_535, 7, last === 255 ? 65_535 : 65_534])
      expect(await says(line({ width: 2, bits: 16, colour: 'greyAlpha', row: sixteen }))).toBe(last < 255)
    }
    const palette = { palette: [0, 0, 0, 255, 255, 255], transparency: [0] }
    for (const index of [0, 1]) {
      const file = line({ width: 1, bits: 8, colour: 'palette', ...palette, row: [index] })
      expect(await says(file)).toBe(index === 0)
    }
  })
})

describe('readImage: pixel values of other formats', () => {
  it('reads TIFF of 8 and 16 bits, grey and colour', async () => {
    const plain = { width: 3, height: 1, photometric: 1, samples: 1 } as const
    expectClose(
      await grey(tiff({ ...plain, bits: 8, bytes: Uint8Array.of(0, 100, 255) })),
      of255([0, 100, 255]),
    )
    const white = tiff({ ...plain, photometric: 0, bits: 8, bytes: Uint8Array.of(0, 100, 255) })
    expectClose(await grey(white), of255([255, 155, 0]))
    const sixteen = bigEndian16([0, 1000, 65_535]).swap16()
    expectClose(await grey(tiff({ ...plain, bits: 16, bytes: sixteen })), [0, 1000 / 65_535, 1])
    const colour = tiff({
      width: 1,
      height: 1,
      samples: 3,
      photometric: 2,
      bits: 8,
      bytes: Uint8Array.of(1, 2, 3),
    })
    expectClose(await rgb(colour), of255([1, 2, 3]))
  })

  it('reads bitmaps from the bottom up', async () => {
    const pixels = [
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
      ],
      [
        [10, 11, 12],
        [13, 14, 15],
        [16, 17, 18],
      ],
    ]
    expectClose(await rgb(bitmap(pixels)), of255(pixels.flat(2)))
  })

  it('reads WebP, lossless and lossy, like the PNG it was made from', async () => {
    const png = await new Transformer(await readFile(photo)).png()
    const expected = await decodeImage(png, 3)
    const lossless = await decodeImage(await new Transformer(png).webpLossless(), 3)
    expect(meanDifference(lossless.pixels, expected.pixels)).toBe(0)
    const lossy = await decodeImage(await new Transformer(png).webp(95), 3)
    expect([lossy.width, lossy.height]).toEqual([640, 400])
    expect(meanDifference(lossy.pixels, expected.pixels)).toBeLessThan(0.02)
  })

  it.each([1, 3] as const)(
    'reads a JPEG as other decoders do, but for rounding (%i channels)',
    async (channels) => {
      const jpeg = await readFile(photo)
      const image = await decodeImage(jpeg, channels)
      const other = await decodeImage(await new Transformer(jpeg).png(), channels)
      expect(image).toMatchObject({ width: other.width, height: other.height })
      expect(meanDifference(image.pixels, other.pixels)).toBeLessThan(0.006)
    },
  )

  it('reads AVIF like the PNG it was made from', async () => {
    const png = await new Transformer(await readFile(photo)).resize(80).png()
    const expected = await decodeImage(png, 3)
    const avif = await decodeImage(await new Transformer(png).avif({ quality: 95 }), 3)
    expect([avif.width, avif.height]).toEqual([expected.width, expected.height])
    expect(meanDifference(avif.pixels, expected.pixels)).toBeLessThan(0.03)
  })

  it('reads a photograph', async () => {
    const image = await readImage(photo, 1)
    expect(image).toMatchObject({ width: 640, height: 400, channels: 1 })
    expect(image.pixels).toHaveLength(640 * 400)
    expect(image.pixels.every((value) => value >= 0 && value <= 1)).toBe(true)
  })
})

describe('readImage: orientation', () => {
  // Where the upper left pixel of the upright picture lies in the stored one: [column, row], −1 the last.
  const cases: [orientation: number, turned: boolean, column: number, row: number][] = [
    [1, false, 0, 0],
    [2, false, -1, 0],
    [3, false, -1, -1],
    [4, false, 0, -1],
    [5, true, 0, 0],
    [6, true, 0, -1],
    [7, true, -1, -1],
    [8, true, -1, 0],
  ]
  it.each(cases)('a camera’s note %i is followed', async (orientation, turned, column, row) => {
    const jpeg = await readFile(photo)
    const stored = await decodeImage(jpeg, 1)
    const upright = await decodeImage(withOrientation(jpeg, orientation), 1)
    expect([upright.width, upright.height]).toEqual(turned ? [400, 640] : [640, 400])
    const x = (column + 640) % 640
    const y = (row + 400) % 400
    expect(upright.pixels[0]).toBe(stored.pixels[y * 640 + x])
  })
})

describe('readImage: what cannot be read is said in one sentence', () => {
  it('goes by the content, not by the name', async () => {
    const file = path.join(folder, 'picture.jpg')
    await writeFile(
      file,
      greyPng(9, 9, (x) => x),
    )
    expect((await readImage(file, 1)).width).toBe(9)
    await writeFile(file, 'no picture at all, only its name says so')
    await expect(readImage(file, 1)).rejects.toThrow('This is not an image.')
  })

  it.each([
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['JPEG XL', Buffer.from('\xff\x0a\0\0\0\0', 'latin1')],
    ['JPEG 2000', Buffer.from('\0\0\0\x0cjP  \r\n\x87\n', 'latin1')],
    ['Camera raw', Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ])('%s has to be converted', async (name, bytes) => {
    expect(await reasonOf(bytes)).toBe(`${name} is not supported. Convert it to PNG, TIFF or JPEG.`)
  })

  it('does not take the preview in a camera’s raw file for the photograph', async () => {
    const preview = {
      width: 8,
      height: 1,
      bits: 8,
      samples: 1,
      photometric: 1,
      bytes: new Uint8Array(8),
    } as const
    expect(await reasonOf(tiff({ ...preview, tags: [[254, 1]] }))).toContain('Camera raw')
    expect(await reasonOf(tiff({ ...preview, tags: [[50_706, 0x0401]] }))).toContain('Camera raw')
  })

  it('refuses 30 000 × 30 000 from the header', async () => {
    const file = path.join(folder, 'bomb.png')
    // The header alone: to be refused for its size, not for being cut short.
    await writeFile(file, zeroPng(30_000, 2).fill(0x75, 22, 23).fill(0x30, 23, 24))
    const sentence = 'Too large: 30000 × 30000 px are 900 megapixels, the limit is 100. Scale it down.'
    await expect(readImage(file, 1)).rejects.toThrow(sentence)
  })

  it('names how much of a cut file is there, where the file says so', async () => {
    const bytes = bitmap(Array.from({ length: 300 }, () => Array.from({ length: 300 }, () => [1, 2, 3])))
    expect(await reasonOf(bytes.subarray(0, 150_000))).toBe(
      'The file ends early: 0.1 of 0.3 MB. Copy it again.',
    )
    expect(await reasonOf(bytes.subarray(0, 1500))).toBe(
      'The file ends early: 1500 of 270054 bytes. Copy it again.',
    )
    const jpeg = await readFile(photo)
    expect(await reasonOf(jpeg.subarray(0, 20_000))).toBe(
      'The file ends early, after 20000 bytes. Copy it again.',
    )
    expect(await reasonOf(new Uint8Array(0))).toBe('The file is empty. Copy it again.')
  })

  it('says what is damaged', async () => {
    const bytes = greyPng(32, 32, (x, y) => (x * 37 + y * 91) % 256)
    bytes.fill(0xaa, 45, 60)
    expect(await reasonOf(bytes)).toBe('The file is damaged: it cannot be decoded. Copy it again.')
    expect(await reasonOf(greyPng(0, 0, () => 0))).toBe(
      'The file is damaged: its header makes no sense. Copy it again.',
    )
  })

  it('every cut is noticed, in every format', async () => {
    const jpeg = await readFile(photo)
    const small = await new Transformer(jpeg).resize(40).png()
    const files = [
      small,
      await new Transformer(small).jpeg(),
      await new Transformer(small).webp(),
      await new Transformer(small).webpLossless(),
      await new Transformer(small).tiff(),
      await new Transformer(small).bmp(),
      await new Transformer(small).avif(),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (file, share) => {
          expect(await reasonOf(file.subarray(0, Math.floor(file.length * share)))).toMatch(/\.$/)
        },
      ),
      { numRuns: tries(200) },
    )
  })

  it('bytes changed at random give an image or a sentence, never a crash', async () => {
    const small = await new Transformer(await readFile(photo)).resize(40).png()
    const files = [
      small,
      await new Transformer(small).jpeg(),
      await new Transformer(small).tiff(),
      await new Transformer(small).webp(),
    ]
    const change = fc.tuple(fc.nat(), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (file, changes) => {
          const bytes = Buffer.from(file)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const result = await decodeImage(bytes, 1).catch((error: unknown) => error)
          if (result instanceof Error) expect(result).toBeInstanceOf(LabError)
        },
      ),
      { numRuns: tries(300) },
    )
  })
})
