import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { defaultSampling, type ImportProgress } from '#shared/domain/dataset.ts'
import { greyPng, rgbaPng, withOrientation, zeroPng } from './pictures.ts'

const photos = path.join(import.meta.dirname, '../fixtures/photos')
const sampling = { ...defaultSampling, patches: 2000 }

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'rho-lab-import-')))
})
afterEach(() => rm(folder, { recursive: true }))

const put = (file: string, content: string | Uint8Array) => writeFile(path.join(folder, file), content)
const stripes = (width: number, height: number) => greyPng(width, height, (x, y) => (x * 40 + y * 13) % 256)

describe('importImages', () => {
  it('makes a dataset of photographs in the course’s ranges', async () => {
    const draft = await importImages(photos, { sampling: defaultSampling })
    expect(draft).toMatchObject({
      name: 'photos',
      kind: 'images',
      origin: photos,
      m: 10_000,
      n: 64,
      patchSize: 8,
      channels: 1,
    })
    expect(draft.patches).toHaveLength(640_000)
    expect(draft.patches.every((value) => value >= 0.1 && value <= 0.9)).toBe(true)
    expect(draft.skippedFiles).toEqual([])

    const { before, after, threeSigma, clippedShare } = draft.statistics
    expect(before?.histogram).toMatchObject({ min: 0, max: 1 })
    expect(before?.mean).toBeCloseTo(0.49, 1)
    expect(after.mean).toBeCloseTo(0.5, 2)
    expect(after.histogram).toMatchObject({ min: 0.1, max: 0.9 })
    expect(threeSigma).toBeCloseTo(0.13, 1)
    // A normal distribution would have 0.3 %: natural images have heavy tails.
    expect(clippedShare).toBeGreaterThan(0.015)
    expect(clippedShare).toBeLessThan(0.04)

    expect(draft.images.map(({ file }) => file)).toEqual(draft.images.map(({ file }) => file).toSorted())
    expect(draft.images).toHaveLength(12)
    expect(draft.images.reduce((sum, { patches }) => sum + patches, 0)).toBe(10_000)
    const { width, height, rgba } = draft.images[0].thumbnail
    expect([width, height, rgba.length]).toEqual([320, 200, 320 * 200 * 4])
    expect(rgba[0] === rgba[1] && rgba[1] === rgba[2]).toBe(true)
  })

  it('keeps where each patch was, and what it looked like', async () => {
    const draft = await importImages(photos, { sampling })
    const { count, before, after } = draft.preview
    expect(after).toEqual(draft.patches.subarray(0, count * 64))
    for (let row = 0; row < count; row += 19) {
      const [index, x, y] = draft.positions!.subarray(row * 3, row * 3 + 3)
      const { width, pixels } = await decodeImage(
        await readFile(path.join(photos, draft.images[index].file)),
        1,
      )
      for (let line = 0; line < 8; line++) {
        const start = (y + line) * width + x
        expect(before!.subarray(row * 64 + line * 8, row * 64 + line * 8 + 8)).toEqual(
          pixels.subarray(start, start + 8),
        )
      }
    }
  })

  it('the same images, sampling and seed give the same bytes, wherever the folder is', async () => {
    await cp(photos, folder, { recursive: true })
    const once = await importImages(photos, { sampling })
    const again = await importImages(folder, { sampling })
    expect(again.patches).toEqual(once.patches)
    expect(again.positions).toEqual(once.positions)
    expect((await importImages(photos, { sampling: { ...sampling, seed: 2 } })).patches).not.toEqual(
      once.patches,
    )
  })

  it('the same bytes on one core and on several', async () => {
    for (let k = 0; k < 80; k++) {
      await put(
        `small ${k}.png`,
        greyPng(20 + k, 30, (x, y) => (x * k + y * 13) % 256),
      )
    }
    await copyFile(path.join(photos, 'aqua.jpg'), path.join(folder, 'photo.jpg'))
    await put('cut.jpg', (await readFile(path.join(photos, 'dune.jpg'))).subarray(0, 50_000))
    for (const minContrast of [undefined, 0.05]) {
      const asked = { ...sampling, ...(minContrast && { minContrast }) }
      const one = await importImages(folder, { sampling: asked }, { threads: 1 })
      const several = await importImages(folder, { sampling: asked }, { threads: 3 })
      expect(several.skippedFiles).toEqual(one.skippedFiles)
      expect(several.images).toEqual(one.images)
      expect(Buffer.from(several.patches.buffer).equals(Buffer.from(one.patches.buffer))).toBe(true)
      expect(Buffer.from(several.positions!.buffer).equals(Buffer.from(one.positions!.buffer))).toBe(true)
    }
  })

  it('imports colour, whitened', async () => {
    const whitened = { ...sampling, channels: 3, normalisation: { kind: 'zca', epsilon: 0.1 } } as const
    const draft = await importImages(photos, { name: 'Colour', sampling: whitened })
    expect(draft).toMatchObject({ name: 'Colour', n: 192, channels: 3 })
    expect(draft.whitening).toHaveLength(192 * 192)
    expect(draft.patches.every(Number.isFinite)).toBe(true)
    const { rgba } = draft.images[0].thumbnail
    expect(rgba[0] === rgba[1] && rgba[1] === rgba[2]).toBe(false)
  })

  it('skips what cannot be read, names it with the reason, and goes on', async () => {
    const jpeg = await readFile(path.join(photos, 'aqua.jpg'))
    await put('a-good.png', stripes(40, 30))
    await put('cut.jpg', jpeg.subarray(0, 5000))
    await put('false.png', 'no picture')
    await put('huge.png', zeroPng(30_000, 2).fill(0x75, 22, 23).fill(0x30, 23, 24))
    await put('IMG_2207.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'))
    await put('leaf-macro.png', stripes(6, 6))
    await put('notes.txt', 'not counted')
    await put('z-upright.jpg', withOrientation(jpeg, 6))
    const progress: ImportProgress[] = []
    const draft = await importImages(folder, { sampling }, { onProgress: (report) => progress.push(report) })
    expect(draft.images.map(({ file, width, height }) => [file, width, height])).toEqual([
      ['a-good.png', 40, 30],
      ['z-upright.jpg', 400, 640],
    ])
    expect(draft.skippedFiles).toEqual([
      { file: 'IMG_2207.heic', reason: 'HEIC is not supported. Convert it to PNG, TIFF or JPEG.' },
      { file: 'cut.jpg', reason: 'The file ends early, after 5000 bytes. Copy it again.' },
      { file: 'false.png', reason: 'This is not an image.' },
      {
        file: 'huge.png',
        reason: 'The file ends early. Copy it again.',
      },
      { file: 'leaf-macro.png', reason: 'Smaller than one patch: 6 × 6 px, patches are 8 × 8.' },
    ])
    expect(progress.at(-1)).toEqual({ stage: 'normalising', done: 0, total: 1, skipped: 5 })
    for (const { done, total } of progress) expect(done).toBeLessThanOrEqual(total)
  })

  it('counts the images that are transparent somewhere, once each, and not those left out', async () => {
    await put('a opaque.png', rgbaPng(40, 30, 255))
    await put('b glass.png', rgbaPng(40, 30, 128))
    await put('c grey.png', stripes(40, 30))
    await put('d small.png', rgbaPng(6, 6, 128))
    await copyFile(path.join(photos, '../gif/transparent.gif'), path.join(folder, 'e.gif'))
    // Found out while patches are taken, so that all are read again.
    await put('f.jpg', (await readFile(path.join(photos, 'aqua.jpg'))).subarray(0, 5000))
    const { statistics, images } = await importImages(folder, { sampling })
    expect([images.length, statistics.transparentImages]).toEqual([4, 2])
    await rm(path.join(folder, 'b glass.png'))
    await rm(path.join(folder, 'e.gif'))
    expect((await importImages(folder, { sampling })).statistics.transparentImages).toBe(0)
  })

  it('skips a file that may not be opened', async () => {
    if (process.getuid?.() === 0) return
    await put('a.png', stripes(40, 30))
    await put('b.png', stripes(40, 30))
    await chmod(path.join(folder, 'b.png'), 0)
    const { skippedFiles } = await importImages(folder, { sampling })
    expect(skippedFiles).toEqual([
      { file: 'b.png', reason: 'The file cannot be opened. Check its permissions.' },
    ])
  })

  it('counts an image once that is there twice, when asked to', async () => {
    const jpeg = await readFile(path.join(photos, 'aqua.jpg'))
    await put('a.jpg', jpeg)
    await put('b.png', stripes(40, 30))
    await mkdir(path.join(folder, 'copies'))
    await put('copies/a again.jpg', jpeg)
    // As long as the other, and another picture.
    await put(
      'copies/c.png',
      greyPng(40, 30, (x, y) => (x * 40 + y * 13 + 1) % 256),
    )
    const once = await importImages(folder, { sampling: { ...sampling, unique: true } })
    expect(once.images.map(({ file }) => file)).toEqual(['a.jpg', 'b.png', 'copies/c.png'])
    expect(once.skippedFiles).toEqual([
      { file: 'copies/a again.jpg', reason: 'The same image as a.jpg, counted once.' },
    ])
    const all = await importImages(folder, { sampling })
    expect(all.images).toHaveLength(4)
    await rm(path.join(folder, 'copies/a again.jpg'))
    expect((await importImages(folder, { sampling })).patches).toEqual(once.patches)
  })

  it('draws patches with too little contrast again, and leaves out an image that has none', async () => {
    await put(
      'half.png',
      greyPng(80, 80, (x, y) => (x < 40 ? 90 : (x * 40 + y * 91) % 256)),
    )
    await put(
      'paper.png',
      greyPng(300, 300, () => 200),
    )
    const asked = { ...sampling, minContrast: 0.1, normalisation: { kind: 'none' } } as const
    const draft = await importImages(folder, { sampling: asked })
    expect(draft.images.map(({ file }) => file)).toEqual(['half.png'])
    expect(draft.skippedFiles).toEqual([
      {
        file: 'paper.png',
        reason: 'Too flat: fewer than 1 in 100 of its patches has a contrast of 0.1. Ask for less contrast.',
      },
    ])
    for (let row = 0; row < draft.m; row++) {
      const patch = Array.from(draft.patches.subarray(row * 64, row * 64 + 64))
      const mean = patch.reduce((a, b) => a + b) / 64
      const contrast = Math.sqrt(patch.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 64)
      expect(contrast).toBeGreaterThanOrEqual(0.1)
    }
    expect(draft.statistics.contrast?.histogram.min).toBeGreaterThanOrEqual(0.1)
    expect(await importImages(folder, { sampling: asked })).toEqual(draft)
  })

  it('says so where no image has the contrast', async () => {
    await put(
      'paper.png',
      greyPng(50, 50, () => 200),
    )
    await expect(importImages(folder, { sampling: { ...sampling, minContrast: 0.3 } })).rejects.toThrow(
      /^paper\.png in .* cannot be read\. Too flat/,
    )
  })

  it('an image of exactly one patch is enough', async () => {
    await put('a.png', stripes(8, 8))
    const draft = await importImages(folder, { sampling: { ...sampling, patches: 5 } })
    expect(Array.from(draft.positions!)).toEqual(Array.from({ length: 15 }, () => 0))
  })
})

describe('importImages refuses, in one sentence', () => {
  const refusal = (source: string, changes = {}) =>
    importImages(source, { sampling: { ...sampling, ...changes } }).then(
      () => null,
      (error: unknown) => error as { code: string; message: string },
    )

  it('an empty folder, or one without images', async () => {
    const sentence = `There are no images in ${folder}. Choose a folder with PNG, JPEG, WebP, TIFF, BMP, GIF or PNM files.`
    expect(await refusal(folder)).toMatchObject({ code: 'badInput', message: sentence })
    await mkdir(path.join(folder, 'empty'))
    await put('notes.txt', 'no image')
    expect(await refusal(folder)).toMatchObject({ code: 'badInput', message: sentence })
  })

  it('a folder without a readable image', async () => {
    await put('a.png', 'no picture')
    expect((await refusal(folder))?.message).toBe(`a.png in ${folder} cannot be read. This is not an image.`)
    await copyFile(path.join(photos, 'aqua.jpg'), path.join(folder, 'b.jpg'))
    await put('b.jpg', (await readFile(path.join(folder, 'b.jpg'))).subarray(0, 900))
    expect(await refusal(folder)).toMatchObject({
      code: 'badInput',
      message: `None of the 2 files in ${folder} can be read as images; the first, a.png: This is not an image.`,
    })
  })

  it('a missing folder', async () => {
    const missing = path.join(folder, 'missing')
    expect(await refusal(missing)).toMatchObject({
      code: 'badInput',
      message: `There is no folder ${missing}. Check the path.`,
    })
  })

  it('images without any contrast', async () => {
    await put(
      'flat.png',
      greyPng(50, 50, () => 90),
    )
    expect(await refusal(folder)).toMatchObject({
      code: 'badInput',
      message: 'Every patch is flat, so there is nothing to learn. Take images with some contrast.',
    })
  })

  it('more patches than fit in memory, before anything is read', async () => {
    expect(await refusal(photos, { patches: 1_000_000, patchSize: 64 })).toMatchObject({
      code: 'badInput',
      message: '1000000 patches of 4096 values need 15.3 GiB. Take at most 65536 patches of this size.',
    })
  })

  it.each(['listing', 'reading', 'normalising'] as const)('when cancelled while %s', async (stage) => {
    const controller = new AbortController()
    const onProgress = (progress: ImportProgress) => {
      if (progress.stage === stage) controller.abort()
    }
    const cancelled = importImages(photos, { sampling }, { onProgress, signal: controller.signal })
    await expect(cancelled).rejects.toMatchObject({
      code: 'stopped',
      message: 'The import was cancelled. The library is as it was.',
    })
  })
})
