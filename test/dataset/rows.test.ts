import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { openImage } from '#main/dataset/image/openImage.ts'
import { bitmapRows } from '#main/dataset/image/rows/bitmapRows.ts'
import { pngRows } from '#main/dataset/image/rows/pngRows.ts'
import { tiffRows } from '#main/dataset/image/rows/tiffRows.ts'
import { samplePatches, type ImageSource } from '#main/dataset/sample/samplePatches.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { bigEndian16, bitmap, greyPng, png, tiff, type PngColour } from './pictures.ts'
import { fixtures, put, readAll, bytes } from './rowFiles.ts'

describe('an image read row by row has the values it has when it is read at once', () => {
  const kinds: [PngColour, 1 | 2 | 4 | 8 | 16, number][] = [
    ['grey', 1, 1],
    ['grey', 2, 1],
    ['grey', 4, 1],
    ['grey', 8, 1],
    ['grey', 16, 1],
    ['rgb', 8, 3],
    ['rgb', 16, 3],
    ['greyAlpha', 8, 2],
    ['greyAlpha', 16, 2],
    ['rgba', 8, 4],
    ['rgba', 16, 4],
    ['palette', 1, 1],
    ['palette', 4, 1],
    ['palette', 8, 1],
  ]
  const palette = Array.from({ length: 768 }, (_, i) => (i * 37) & 0xff)
  it.each(kinds)('PNG: %s of %i bits', async (colour, bits, samples) => {
    const [width, height] = [13, 9]
    const rows = Array.from({ length: height }, (_, y) =>
      bytes(Math.ceil((width * samples * bits) / 8), y + 3),
    )
    const plain = {
      width,
      height,
      bits,
      colour,
      rows,
      ...(colour === 'palette' && { palette: palette.slice(0, 3 * 2 ** bits) }),
    }
    const keys = colour === 'grey' ? [0, 1] : colour === 'rgb' ? [0, 31, 0, 31, 0, 31] : [10, 200]
    const all = [plain, ...(samples % 2 === 1 ? [{ ...plain, transparency: keys }] : [])]
    for (const options of all) {
      const file = await put(png(options))
      for (const channels of [1, 3] as const) {
        const { pixels, isTransparent } = await decodeImage(png(options), channels)
        const image = await pngRows(file, channels)
        expect(await readAll(image)).toEqual(pixels)
        expect(image?.isTransparent?.()).toBe(isTransparent)
      }
    }
  })

  it('PNG: a photograph with every filter, as Pillow wrote it', async () => {
    const file = path.join(fixtures, 'gif/photo.png')
    const { pixels } = await decodeImage(await readFile(file), 3)
    expect(await readAll(await pngRows(file, 3))).toEqual(pixels)
  })

  it.each([
    'grey8.tif',
    'grey16-be.tif',
    'rgb8-deflate-predictor.tif',
    'grey16-deflate.tif',
    'white-is-zero.tif',
  ])('TIFF: %s, as libtiff wrote it', async (name) => {
    const file = path.join(fixtures, 'tiff', name)
    for (const channels of [1, 3] as const) {
      const { pixels } = await decodeImage(await readFile(file), channels)
      expect(await readAll(await tiffRows(file, channels))).toEqual(pixels)
    }
  })

  it('TIFF: one strip of 16 bits, directory at the end', async () => {
    const file = tiff({
      width: 5,
      height: 3,
      bits: 16,
      samples: 1,
      photometric: 1,
      bytes: bigEndian16(Array.from({ length: 15 }, (_, i) => i * 4000)),
    })
    const { pixels } = await decodeImage(file, 1)
    expect(await readAll(await tiffRows(await put(file), 1))).toEqual(pixels)
  })

  it('BMP, from the bottom up', async () => {
    const file = bitmap(
      Array.from({ length: 7 }, (_, y) => Array.from({ length: 5 }, (_, x) => [x * 40, y * 30, x * y])),
    )
    const { pixels } = await decodeImage(file, 3)
    expect(await readAll(await bitmapRows(await put(file), 3))).toEqual(pixels)
  })

  it('what cannot be read so is left to the limit of 100 megapixels', async () => {
    expect(
      await tiffRows(
        await put(
          tiff({
            width: 4,
            height: 1,
            bits: 32,
            samples: 1,
            photometric: 1,
            sampleFormat: 3,
            bytes: new Uint8Array(16),
          }),
        ),
        1,
      ),
    ).toBeNull()
    expect(await tiffRows(path.join(fixtures, 'tiff/lzw.tif'), 1)).toBeNull()
    expect(
      await tiffRows(
        await put(
          tiff({
            width: 8,
            height: 1,
            bits: 8,
            samples: 1,
            photometric: 1,
            bytes: new Uint8Array(8),
            tags: [[254, 1]],
          }),
        ),
        1,
      ),
    ).toBeNull()
    const interlaced = greyPng(9, 9, (x) => x)
    interlaced[28] = 1
    expect(await pngRows(await put(interlaced), 1)).toBeNull()
  })
})

describe('patches from rows', () => {
  const picture = greyPng(60, 50, (x, y) => (x * 7 + y * 13 + ((x * y) % 11) * 9) % 256)
  const sources = async (): Promise<{ whole: ImageSource; rows: ImageSource }> => {
    const file = await put(picture, 'picture.png')
    const whole = await openImage(file, 1)
    const rows = await pngRows(file, 1)
    return { whole: { file: 'a', ...whole }, rows: { file: 'a', ...rows! } }
  }
  const never = {
    onUnreadable: (_file: string, error: unknown) => {
      throw error
    },
  }

  it('are the same patches, at the same places, as from the whole image', async () => {
    const { whole, rows } = await sources()
    const sampling = { ...defaultSampling, patches: 500 }
    expect(await samplePatches([rows], sampling, never)).toEqual(
      await samplePatches([whole], sampling, never),
    )
  })

  it('have the contrast that is asked for, from every part of the image', async () => {
    const { rows } = await sources()
    const sampling = { ...defaultSampling, patches: 400, minContrast: 0.28 }
    const sampled = await samplePatches([rows], sampling, never)
    const heights = new Set<number>()
    for (let row = 0; row < 400; row++) {
      const patch = Array.from(sampled!.patches.subarray(row * 64, (row + 1) * 64))
      const mean = patch.reduce((a, b) => a + b) / 64
      expect(
        Math.sqrt(patch.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 64),
      ).toBeGreaterThanOrEqual(0.28)
      heights.add(Math.floor(sampled!.positions[row * 3 + 2] / 11))
    }
    expect(heights.size).toBe(4)
  })

  it('a flat image is given up after so many places, and named', async () => {
    const file = await put(
      greyPng(40, 40, () => 9),
      'flat.png',
    )
    const rows = await pngRows(file, 1)
    const told: unknown[] = []
    const sampled = await samplePatches(
      [{ file: 'flat.png', ...rows! }],
      { ...defaultSampling, minContrast: 0.1 },
      { onUnreadable: (_, error) => told.push(error) },
    )
    expect(sampled).toBeNull()
    expect(String(told[0])).toContain('Too flat: fewer than 1 in 100 of its patches has a contrast of 0.1.')
  })
})
