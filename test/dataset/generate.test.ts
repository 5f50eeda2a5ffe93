import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateNatural } from '#main/dataset/generate/generateNatural.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { writeGeneratedImages } from '#main/dataset/generate/writeGeneratedImages.ts'
import { readImage } from '#main/dataset/image/readImage.ts'
import { defaultSampling, generatorNames } from '#shared/domain/dataset.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-generate-'))
})
afterAll(() => rm(folder, { recursive: true }))

const sampling = { ...defaultSampling, patches: 3000 }
const asTheyAre = { ...sampling, normalisation: { kind: 'none' } } as const

describe('generateDataset', () => {
  it.each(generatorNames)(
    '%s: the same seed gives the same bytes, another seed others',
    async (generator) => {
      const few = generator === 'natural' ? { parameters: { images: 2 } } : {}
      const once = await generateDataset(generator, { sampling, ...few })
      const again = await generateDataset(generator, { sampling, ...few })
      expect(again.patches).toEqual(once.patches)
      const other = await generateDataset(generator, { sampling: { ...sampling, seed: 2 }, ...few })
      expect(other.patches).not.toEqual(once.patches)
      expect(once).toMatchObject({
        name: generator,
        kind: generator,
        m: 3000,
        n: 64,
        patchSize: 8,
        skippedFiles: [],
      })
      expect(once.patches.every((value) => value >= 0.1 && value <= 0.9)).toBe(true)
    },
  )

  it.each(generatorNames)('%s: makes patches of three channels', async (generator) => {
    const draft = await generateDataset(generator, {
      name: 'Colour',
      sampling: { ...sampling, patches: 300, channels: 3 },
      ...(generator === 'natural' && { parameters: { images: 1 } }),
    })
    expect(draft).toMatchObject({ name: 'Colour', n: 192, channels: 3 })
    expect(draft.patches).toHaveLength(300 * 192)
  })

  it.each(generatorNames)('%s: can be cancelled', async (generator) => {
    const controller = new AbortController()
    const cancelled = generateDataset(
      generator,
      { sampling },
      { signal: controller.signal, onProgress: () => controller.abort() },
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
  })
})

describe('natural', () => {
  it('has what natural images have: heavy tails, and edges at every angle alike', async () => {
    const draft = await generateDataset('natural', { sampling: { ...asTheyAre, patches: 10_000 } })
    expect(draft.images).toHaveLength(10)
    expect(draft.images[0]).toMatchObject({ file: 'natural-01.png', width: 512, height: 512 })
    expect(draft.positions).toHaveLength(30_000)

    // Orientation of each patch: of its mean squared gradient, in 8 sectors, weighted by contrast.
    const sectors = new Float64Array(8)
    let squares = 0
    let fourths = 0
    for (let row = 0; row < draft.m; row++) {
      const patch = draft.patches.subarray(row * 64, (row + 1) * 64)
      const mean = patch.reduce((sum, value) => sum + value, 0) / 64
      let real = 0
      let imaginary = 0
      for (let y = 0; y < 7; y++) {
        for (let x = 0; x < 7; x++) {
          const at = y * 8 + x
          const down = patch[at + 8] + patch[at + 9] - patch[at] - patch[at + 1]
          const right = patch[at + 1] + patch[at + 9] - patch[at] - patch[at + 8]
          real += right * right - down * down
          imaginary += 2 * right * down
        }
      }
      const angle = Math.atan2(imaginary, real) / 2 + Math.PI
      sectors[Math.floor((angle / Math.PI) * 8) % 8] += Math.hypot(real, imaginary)
      for (const value of patch) {
        squares += (value - mean) ** 2
        fourths += (value - mean) ** 4
      }
    }
    const total = sectors.reduce((sum, value) => sum + value, 0)
    for (const share of sectors) expect(share / total).toBeGreaterThan(0.07)
    const count = draft.patches.length
    // 3 for Gaussian pixels, 8.5 for the photographs in test/fixtures.
    expect(fourths / count / (squares / count) ** 2).toBeGreaterThan(6)
  })

  it.each([1, 3] as const)('written as PNG, it is read again to the bit (%i channels)', async (channels) => {
    const own = path.join(folder, `images-${channels}`)
    const files = await writeGeneratedImages({ seed: 5, channels, count: 2, folder: own })
    expect(files).toEqual([path.join(own, 'natural-01.png'), path.join(own, 'natural-02.png')])
    const images = generateNatural({ seed: 5 }, channels)
    for (const [i, file] of files.entries()) {
      expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG')
      expect(await readImage(file, channels)).toEqual({ ...(await images[i].read()), isTransparent: false })
    }
  })

  it('writes no images where it cannot, or none are asked for', async () => {
    const wanted = { seed: 1, channels: 1, count: 1, folder } as const
    await expect(writeGeneratedImages({ ...wanted, count: 0 })).rejects.toThrow(
      'a whole number from 1 to 1000, not 0.',
    )
    const file = path.join(folder, 'file')
    await writeFile(file, '')
    await expect(writeGeneratedImages({ ...wanted, folder: file })).rejects.toThrow(
      'cannot be made. Choose another.',
    )
  })
})

describe('noise', () => {
  it('is Gaussian with mean 0.5 and deviation 0.2, its pixels independent', async () => {
    const { patches, statistics, positions, images } = await generateDataset('noise', { sampling: asTheyAre })
    expect(statistics.after.mean).toBeCloseTo(0.5, 2)
    expect(statistics.after.deviation).toBeCloseTo(0.2, 2)
    expect([positions, images]).toEqual([null, []])
    let neighbours = 0
    let within = 0
    for (let i = 1; i < patches.length; i++) {
      neighbours += (patches[i] - 0.5) * (patches[i - 1] - 0.5)
      within += Number(Math.abs(patches[i] - 0.5) < 0.2)
    }
    expect(Math.abs(neighbours / patches.length / 0.04)).toBeLessThan(0.01)
    expect(within / patches.length).toBeCloseTo(0.683, 2)
  })
})

describe('bars', () => {
  it('every patch is made of whole rows and columns, each about as often as 1 in patchSize', async () => {
    const { patches, m } = await generateDataset('bars', { sampling: asTheyAre })
    const lit = new Float64Array(16)
    for (let row = 0; row < m; row++) {
      const patch = patches.subarray(row * 64, (row + 1) * 64)
      const on = (y: number, x: number) => patch[y * 8 + x] > 0.5
      const sides = [0, 1, 2, 3, 4, 5, 6, 7]
      const rows = sides.filter((y) => sides.every((x) => on(y, x)))
      const columns = sides.filter((x) => sides.every((y) => on(y, x)))
      for (const y of sides) {
        for (const x of sides) {
          const expected = rows.includes(y) || columns.includes(x) ? 0.9 : 0.1
          expect(patch[y * 8 + x]).toBe(Math.fround(expected))
        }
      }
      for (const y of rows) lit[y] += 1
      for (const x of columns) lit[8 + x] += 1
    }
    for (const count of lit) {
      expect(count / m).toBeGreaterThan(0.1)
      expect(count / m).toBeLessThan(0.15)
    }
  })
})
