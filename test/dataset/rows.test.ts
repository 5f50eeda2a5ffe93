import * as fc from 'fast-check'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { constants, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { openImage } from '#main/dataset/image/openImage.ts'
import { bitmapRows } from '#main/dataset/image/rows/bitmapRows.ts'
import { pngRows } from '#main/dataset/image/rows/pngRows.ts'
import { tiffRows } from '#main/dataset/image/rows/tiffRows.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { samplePatches, type ImageSource } from '#main/dataset/sample/samplePatches.ts'
import type { RowImage } from '#main/dataset/sample/cutFromRows.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { bigEndian16, bitmap, greyPng, png, tiff, zeroPng, type PngColour } from './pictures.ts'

const fixtures = path.join(import.meta.dirname, '../fixtures')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-rows-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function put(bytes: Uint8Array, name = 'image'): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  return file
}
async function readAll(image: RowImage | null): Promise<Float32Array> {
  expect(image).not.toBeNull()
  const rows: number[] = []
  for await (const row of image!.readRows()) rows.push(...row)
  expect(rows).toHaveLength(image!.width * image!.height * image!.channels)
  return Float32Array.from(rows)
}

const bytes = (count: number, seed: number) =>
  Uint8Array.from({ length: count }, (_, i) => (i * i * 31 + i * seed + (i >> 3) * 7) & 0xff)

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

describe('an image above 100 megapixels', () => {
  it('is sampled without being held, and cut, it is skipped with the reason', async () => {
    const own = await mkdtemp(path.join(folder, 'large-'))
    const [width, height] = [12_000, 9_000]
    const raw = Buffer.alloc((width + 1) * height)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = (x >> 2) ^ (y >> 3)
    }
    const large = Buffer.from(zeroPng(1, 1))
    const [header, end] = [large.subarray(0, 33), large.subarray(large.length - 12)]
    header.writeUInt32BE(width, 16)
    header.writeUInt32BE(height, 20)
    const packed = deflateSync(raw, { level: constants.Z_BEST_SPEED })
    const chunk = Buffer.alloc(12 + packed.length)
    chunk.writeUInt32BE(packed.length, 0)
    chunk.write('IDAT', 4, 'latin1')
    packed.copy(chunk, 8)
    await writeFile(path.join(own, 'large.png'), Buffer.concat([header, chunk, end]))
    await writeFile(
      path.join(own, 'small.png'),
      greyPng(100, 100, (x, y) => x + y),
    )
    const sampling = { ...defaultSampling, patches: 1000 }
    const draft = await importImages(own, { sampling: { ...sampling, normalisation: { kind: 'none' } } })
    expect(draft.skippedFiles).toEqual([])
    expect(draft.images[0]).toMatchObject({ file: 'large.png', width, height })
    expect(draft.images[0].thumbnail).toMatchObject({ width: 320, height: 240 })
    for (let row = 0; row < 1000; row += 17) {
      const [image, x, y] = draft.positions!.subarray(row * 3, row * 3 + 3)
      if (image !== 0) continue
      for (let i = 0; i < 64; i++) {
        const expected = (((x + (i % 8)) >> 2) ^ ((y + (i >> 3)) >> 3)) & 0xff
        expect(draft.patches[row * 64 + i]).toBe(Math.fround(expected / 255))
      }
    }

    await writeFile(
      path.join(own, 'large.png'),
      Buffer.concat([header, chunk.subarray(0, packed.length >> 1)]),
    )
    const cut = await importImages(own, { sampling })
    expect(cut.images.map(({ file }) => file)).toEqual(['small.png'])
    expect(cut.skippedFiles).toEqual([{ file: 'large.png', reason: 'The file ends early. Copy it again.' }])
  })

  it('can be cancelled in its middle', async () => {
    const own = await mkdtemp(path.join(folder, 'cancel-'))
    await writeFile(path.join(own, 'large.png'), zeroPng(11_000, 10_000))
    const controller = new AbortController()
    let reports = 0
    const onProgress = ({ stage }: { stage: string }) => {
      if (stage === 'reading' && ++reports === 3) controller.abort()
    }
    const cancelled = importImages(
      own,
      { sampling: defaultSampling },
      { onProgress, signal: controller.signal },
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
    expect(reports).toBe(3)
  })

  it('is refused above 4000 megapixels, and above 100 where its format must be held whole', async () => {
    const claim = (width: number, height: number) => {
      const file = zeroPng(2, 2)
      file.writeUInt32BE(width, 16)
      file.writeUInt32BE(height, 20)
      return file
    }
    await expect(openImage(await put(claim(100_000, 100_000)), 1)).rejects.toThrow(
      'Too large: 100000 × 100000 px are 10000 megapixels, the limit is 4000. Scale it down.',
    )
    const interlaced = claim(30_000, 30_000)
    interlaced[28] = 1
    await expect(openImage(await put(interlaced), 1)).rejects.toThrow('the limit is 100. Scale it down.')
  })
})

describe('damaged rows', () => {
  it('bytes changed or cut at random give rows or a sentence, never a crash', async () => {
    const read = async (image: RowImage | null) => {
      if (image === null || image.width * image.height > 1e6) return
      for await (const row of image.readRows()) expect(row.length).toBe(image.width)
    }
    const files = [
      { open: pngRows, file: await readFile(path.join(fixtures, 'gif/two-colours.png')) },
      { open: pngRows, file: greyPng(20, 20, (x, y) => x * y) },
      { open: tiffRows, file: await readFile(path.join(fixtures, 'tiff/rgb8-deflate-predictor.tif')) },
      {
        open: bitmapRows,
        file: bitmap([
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          [
            [7, 8, 9],
            [0, 0, 0],
          ],
        ]),
      },
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async ({ open, file }, changes, share) => {
          const changed = Buffer.from(file)
          for (const [at, value] of changes) changed[at % Math.min(changed.length, 600)] = value
          const cut = share < 0.5 ? changed : changed.subarray(0, Math.floor(changed.length * share))
          const error: unknown = await open(await put(cut, 'fuzzed'), 1)
            .then(read)
            .catch((thrown: unknown) => thrown)
          if (error !== undefined) expect(error).toBeInstanceOf(LabError)
        },
      ),
      { numRuns: 300 },
    )
  })
})
