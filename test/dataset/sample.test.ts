import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allotPatches } from '#main/dataset/sample/allotPatches.ts'
import { drawThumbnail, thumbnailWidth } from '#main/dataset/sample/drawThumbnail.ts'
import { planPatches } from '#main/dataset/sample/planPatches.ts'
import { samplePatches, type ImageSource } from '#main/dataset/sample/samplePatches.ts'
import type { PixelImage } from '#main/dataset/image/pixelImage.ts'
import { defaultSampling, type Sampling } from '#shared/domain/dataset.ts'
import { createRandom } from '#shared/random/random.ts'

/** Every pixel tells where it is: image + x / 1000 + y / 10⁶, channels one apart. */
function traceable(width: number, height: number, channels: 1 | 3, image = 0): PixelImage {
  const pixels = new Float32Array(width * height * channels)
  for (let i = 0; i < pixels.length; i++) {
    const at = Math.floor(i / channels)
    pixels[i] = image * 100 + (i % channels) * 10 + (at % width) / 10 + Math.floor(at / width) / 1000
  }
  return { width, height, channels, pixels }
}

const source = (
  file: string,
  image: PixelImage,
  told: { width: number; height: number } = image,
): ImageSource => ({
  file,
  width: told.width,
  height: told.height,
  read: () => Promise.resolve(image),
})

const broken = (file: string, width: number, height: number): ImageSource => ({
  file,
  width,
  height,
  read: () => Promise.reject(new Error('cut short')),
})

const sampling = (changes: Partial<Sampling>): Sampling => ({ ...defaultSampling, ...changes })

const take = (sources: ImageSource[], settings: Sampling, unreadable: string[] = []) =>
  samplePatches(sources, settings, { onUnreadable: (file) => unreadable.push(file) })

describe('allotPatches', () => {
  it('gives each its proportion but for rounding, and all of them together', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100_000_000 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        weights,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.nat(0xffffffff),
        (each, patches, seed) => {
          fc.pre(each.some((weight) => weight > 0))
          const counts = allotPatches(each, patches, createRandom(seed))
          const total = each.reduce((sum, weight) => sum + weight, 0)
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(patches)
          for (const [i, weight] of each.entries()) {
            expect(Math.abs(counts[i] - (weight / total) * patches)).toBeLessThan(1)
          }
        },
      ),
    )
  })

  it('does not prefer the first images when there are more images than patches', () => {
    const counts = allotPatches(
      Array.from({ length: 1000 }, () => 7),
      100,
      createRandom(1),
    )
    const firstHalf = counts.subarray(0, 500).reduce((sum, count) => sum + count, 0)
    expect(firstHalf).toBeGreaterThan(25)
    expect(firstHalf).toBeLessThan(75)
  })
})

describe('planPatches', () => {
  it('gives every patch one row of the matrix', () => {
    const sizes = [
      { width: 20, height: 30 },
      { width: 8, height: 8 },
      { width: 300, height: 9 },
    ]
    const plan = planPatches(sizes, { patchSize: 8, patches: 500, seed: 3 })
    const rows = sizes.flatMap((_, image) => Array.from(plan.rowsOf(image)))
    expect(rows.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, row) => row))
    expect(Array.from(plan.counts)).toEqual(sizes.map((_, image) => plan.rowsOf(image).length))
  })
})

describe('samplePatches', () => {
  it.each([1, 3] as const)('cuts the pixels that the positions name, with %i channels', async (channels) => {
    const images = [
      traceable(40, 30, channels, 0),
      traceable(5, 17, channels, 1),
      traceable(70, 5, channels, 2),
    ]
    const settings = sampling({ patchSize: 5, patches: 400, channels })
    const sampled = await take(
      images.map((image, i) => source(`${i}`, image)),
      settings,
    )
    expect(sampled).not.toBeNull()
    const { patches, positions } = sampled!
    const n = 25 * channels
    for (let row = 0; row < 400; row++) {
      const [image, x, y] = positions.subarray(row * 3, row * 3 + 3)
      for (let i = 0; i < n; i++) {
        const at = Math.floor(i / channels)
        const column = x + (at % 5)
        const line = y + Math.floor(at / 5)
        const expected =
          images[image].pixels[(line * images[image].width + column) * channels + (i % channels)]
        expect(patches[row * n + i]).toBe(expected)
      }
    }
    expect(sampled!.images.map((image) => image.patches).reduce((a, b) => a + b)).toBe(400)
  })

  it('reaches every place of an image, its last row and column too', async () => {
    const sampled = await take([source('a', traceable(10, 9, 1))], sampling({ patches: 500 }))
    const places = new Set<string>()
    for (let row = 0; row < 500; row++)
      places.add(sampled!.positions.subarray(row * 3 + 1, row * 3 + 3).join())
    expect([...places].toSorted()).toEqual(['0,0', '0,1', '1,0', '1,1', '2,0', '2,1'])
  })

  it('the first patches come from all images', async () => {
    const images = Array.from({ length: 5 }, (_, i) => source(`${i}`, traceable(50, 50, 1, i)))
    const { positions } = (await take(images, sampling({ patches: 1000 })))!
    const first = new Set(Array.from({ length: 48 }, (_, row) => positions[row * 3]))
    expect(first.size).toBe(5)
  })

  it('the same seed gives the same patches, another seed others', async () => {
    const images = [source('a', traceable(60, 50, 1)), source('b', traceable(20, 90, 1, 1))]
    const once = await take(images, sampling({ patches: 300 }))
    expect(await take(images, sampling({ patches: 300 }))).toEqual(once)
    const other = await take(images, sampling({ patches: 300, seed: 2 }))
    expect(other!.positions).not.toEqual(once!.positions)
  })

  it('an unreadable image is left out as if it had not been there', async () => {
    const good = [
      source('a', traceable(60, 50, 1)),
      source('c', traceable(20, 90, 1, 1)),
      source('d', traceable(9, 9, 1, 2)),
    ]
    const unreadable: string[] = []
    const mixed = [good[0], broken('b', 500, 500), good[1], good[2], broken('e', 8, 8)]
    expect(await take(mixed, sampling({ patches: 200 }), unreadable)).toEqual(
      await take(good, sampling({ patches: 200 })),
    )
    expect(unreadable).toEqual(['b', 'e'])
  })

  it('an image of another size than its header told is sampled by its true size', async () => {
    const turned = source('a', traceable(60, 50, 1), { width: 50, height: 60 })
    const wrong = source('b', traceable(30, 30, 1, 1), { width: 3000, height: 3000 })
    const honest = [source('a', traceable(60, 50, 1)), source('b', traceable(30, 30, 1, 1))]
    expect(await take([turned, wrong], sampling({ patches: 99 }))).toEqual(
      await take(honest, sampling({ patches: 99 })),
    )
  })

  it('is null where nothing can be read', async () => {
    expect(await take([broken('a', 50, 50)], defaultSampling)).toBeNull()
    expect(await take([], defaultSampling)).toBeNull()
  })
})

describe('drawThumbnail', () => {
  it('averages areas and keeps grey grey', () => {
    const image: PixelImage = {
      width: 4,
      height: 2,
      channels: 1,
      pixels: Float32Array.of(0, 1, 0.2, 0.2, 0, 1, 0.2, 0.2),
    }
    expect(drawThumbnail(image, 2)).toEqual({
      width: 2,
      height: 1,
      rgba: Uint8Array.of(128, 128, 128, 255, 51, 51, 51, 255),
    })
  })

  it('keeps colours, never enlarges, and bounds long pictures', () => {
    const image: PixelImage = { width: 1, height: 1, channels: 3, pixels: Float32Array.of(1, 0, 0.2) }
    expect(drawThumbnail(image, 320).rgba).toEqual(Uint8Array.of(255, 0, 51, 255))
    expect(drawThumbnail(traceable(20, 1000, 1), 10)).toMatchObject({ width: 1, height: 20 })
  })

  it('many thumbnails together stay within bounds', () => {
    expect(thumbnailWidth(12)).toBe(320)
    for (const count of [200, 5000, 50_000]) {
      expect(count * thumbnailWidth(count) ** 2 * 2 * 4).toBeLessThan(130_000_000)
    }
  })
})
