import { copyFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { openImage } from '#main/dataset/image/openImage.ts'
import { toPixels } from '#main/dataset/image/toPixels.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { mutations } from '../mutations.ts'

// Files as other programs write them (libtiff, ImageJ, Pillow, cameras, netpbm), each with the values that it holds.

const pictures = path.join(import.meta.dirname, '../fixtures/pictures')
const file = (name: string) => path.join(pictures, name)

let folder: string
/** What most of the TIFF files hold: 80 × 48, grey, bytes. */
let grey: number[]
beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'rho-lab-pictures-')))
  // Uncompressed, in one strip.
  grey = Array.from((await readFile(file('bigtiff.tif'))).subarray(368, 368 + 80 * 48), (byte) => byte / 255)
})
afterAll(() => rm(folder, { recursive: true }))

async function readGrey(name: string) {
  const source = await openImage(name, 1)
  if ('readRows' in source) throw new Error('large')
  const image = await source.read()
  const pixels = 'pixels' in image ? image.pixels : toPixels(image, 1)
  return { width: image.width, height: image.height, pixels: Array.from(pixels), source }
}

const largestDifference = (actual: number[], expected: number[]) =>
  actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)

describe('a TIFF file', () => {
  it.each([
    ['bigtiff.tif', 1e-6],
    ['imagej_float32.tif', 1e-6],
    ['int16.tif', 1e-6],
    ['palette8.tif', 1e-6],
    ['zstd.tif', 1e-6],
    ['tiled-planar.tif', 1e-6],
    ['planar-strips.tif', 1e-6],
    ['lzw.tif', 1e-6],
    ['lzw-predictor.tif', 1e-6],
    ['rgb-lzw.tif', 1e-6],
    ['packbits.tif', 1e-6],
    ['deflate-tiled.tif', 1e-6],
    ['lsb-first.tif', 1e-6],
    ['big-endian.tif', 1e-6],
    ['float-0-255.tif', 1e-6],
    ['cmyk.tif', 0.01],
    ['jpeg-tiled.tif', 0.02],
    ['jpeg-planar.tif', 0.02],
    ['stack.tif', 1e-6],
  ])('%s has the values that were written', async (name, tolerance) => {
    const { width, height, pixels } = await readGrey(file(name))
    expect([width, height]).toEqual([80, 48])
    expect(pixels).toHaveLength(grey.length)
    expect(largestDifference(pixels, grey)).toBeLessThan(tolerance)
    const { pixels: fromBytes } = await decodeImage(await readFile(file(name)), 1)
    expect(Array.from(fromBytes)).toEqual(pixels)
  })

  it('of JPEG in the colours of video has the colours that libtiff finds', async () => {
    const { pixels } = await decodeImage(await readFile(file('jpeg_ycbcr.tif')), 3)
    for (const [x, y, colour] of [
      [0, 0, [50, 129, 38]],
      [40, 20, [0, 120, 0]],
      [79, 47, [0, 135, 0]],
    ] as const) {
      for (const [k, value] of colour.entries())
        expect(Math.abs(pixels[(y * 80 + x) * 3 + k] * 255 - value)).toBeLessThan(5)
    }
    const { pixels: luma } = await readGrey(file('jpeg_ycbcr.tif'))
    expect(luma[0] * 255).toBeCloseTo(95, 0)
  })

  it('of one bit is black and white', async () => {
    const { pixels } = await readGrey(file('bilevel.tif'))
    expect(pixels).toEqual(grey.map((value) => Number(value * 255 > 127)))
  })

  it('packed in a way that is not read is named', async () => {
    const fax = await readFile(file('packbits.tif'))
    const at = fax.indexOf(Buffer.from([3, 1, 3, 0, 1, 0, 0, 0])) // The tag of the compression.
    fax.writeUInt16LE(4, at + 8)
    await expect(decodeImage(fax, 1)).rejects.toThrow('TIFF packed by CCITT fax is not supported.')
  })

  it.each([
    'tiled-planar.tif',
    'lzw-predictor.tif',
    'jpeg-tiled.tif',
    'palette8.tif',
    'zstd.tif',
    'bigtiff.tif',
  ])('%s is read or refused, however it was damaged', async (name) => {
    await fc.assert(
      fc.asyncProperty(mutations(new Uint8Array(await readFile(file(name)))), async (damaged) => {
        const image = await decodeImage(damaged, 1).catch((error: unknown) => error)
        if (image instanceof Error) expect(image).toBeInstanceOf(LabError)
        else expect((image as { pixels: Float32Array }).pixels.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('pages of a TIFF file', () => {
  const sampling = { ...defaultSampling, patches: 300 }

  it('are all images of their own, and left out only where that is asked for, in a sentence', async () => {
    const own = await mkdtemp(path.join(folder, 'stack-'))
    await copyFile(file('stack.tif'), path.join(own, 'stack.tif'))
    const all = await importImages(own, { sampling })
    expect(all.images.map((image) => image.file)).toEqual([
      'stack.tif, page 1',
      'stack.tif, page 2',
      'stack.tif, page 3',
    ])
    expect(all.remarks).toEqual([])
    const first = await importImages(own, { sampling: { ...sampling, pages: 'first' } })
    expect(first.images.map((image) => image.file)).toEqual(['stack.tif'])
    expect(first.remarks).toEqual(['2 further pages were left out; --pages all takes them.'])
  })

  it('with values of another range say that they were scaled', async () => {
    const own = await mkdtemp(path.join(folder, 'scaled-'))
    await copyFile(file('float-0-255.tif'), path.join(own, 'a.tif'))
    const { remarks } = await importImages(own, { sampling })
    expect(remarks?.[0]).toMatch(/^1 image has values that are signed or not from 0 to 1: scaled/)
  })
})

describe('orientation', () => {
  it.each(['orientation-6.jpg', 'orientation-6.png', 'orientation-6.webp'])('%s is turned', async (name) => {
    const { width, height, pixels } = await readGrey(file(name))
    expect([width, height]).toEqual([24, 32])
    const turned = await readGrey(file('orientation-6.png'))
    expect(largestDifference(pixels, turned.pixels)).toBeLessThan(0.06)
  })

  it.each(['orientation-0.jpg', 'orientation-9.jpg'])('%s is read as it is stored', async (name) => {
    const { width, height } = await readGrey(file(name))
    expect([width, height]).toEqual([32, 24])
    const { pixels } = await decodeImage(await readFile(file(name)), 3)
    for (const x of [1, 10, 30]) expect(pixels[(5 * 32 + x) * 3] * 255).toBeCloseTo(8 * x, -1)
  })
})

describe('netpbm', () => {
  it.each([
    ['p2.pgm', [0, 50, 100, 25, 1, 2, 3, 4].map((value) => value / 100)],
    ['p1.pbm', [1, 0, 0, 1, 0, 1, 1, 0]],
    ['p4.pbm', [1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1]],
    ['p3.ppm', [0.299, 0.114]],
    ['p7.pam', [0.299, 0.5]],
  ])('%s has the values that were written', async (name, expected) => {
    const { pixels } = await readGrey(file(name))
    expect(pixels).toHaveLength(expected.length)
    expect(largestDifference(pixels, expected)).toBeLessThan(1e-6)
  })

  it('of 16 bits keeps them', async () => {
    const { width, height, pixels } = await readGrey(file('p5_16.pgm'))
    expect([width, height]).toEqual([32, 24])
    expect(pixels[1]).toBeCloseTo(1000 / 65_535, 7)
  })

  it('is read or refused, however it was damaged', async () => {
    for (const name of ['p5_16.pgm', 'p2.pgm', 'p4.pbm', 'p7.pam']) {
      await fc.assert(
        fc.asyncProperty(mutations(new Uint8Array(await readFile(file(name)))), async (damaged) => {
          const image = await decodeImage(damaged, 1).catch((error: unknown) => error)
          if (image instanceof Error) expect(image).toBeInstanceOf(LabError)
        }),
        { numRuns: 60 },
      )
    }
  })
})

it('an image of van Hateren’s is known by its name and length', async () => {
  const bytes = Buffer.alloc(1536 * 1024 * 2)
  for (let i = 0; i < 1536 * 1024; i++) bytes.writeUInt16BE(100 + (i % 5000), i * 2)
  for (const name of ['imk00001.iml', 'IMK00002.IMC']) {
    await writeFile(path.join(folder, name), bytes)
    const { width, height, pixels } = await readGrey(path.join(folder, name))
    expect([width, height]).toEqual([1536, 1024])
    expect([pixels[0], pixels[1]].map((value) => Math.round(value * 65_535))).toEqual([100, 101])
  }
})
