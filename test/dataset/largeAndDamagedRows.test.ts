import * as fc from 'fast-check'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { constants, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openImage } from '#main/dataset/image/openImage.ts'
import { bitmapRows } from '#main/dataset/image/rows/bitmapRows.ts'
import { pngRows } from '#main/dataset/image/rows/pngRows.ts'
import { tiffRows } from '#main/dataset/image/rows/tiffRows.ts'
import { importImages } from '#main/dataset/importImages.ts'
import type { RowImage } from '#main/dataset/sample/cutFromRows.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { bitmap, greyPng, zeroPng } from './pictures.ts'
import { fixtures, folderOf, put } from './rowFiles.ts'
import { tries } from '../thorough.ts'

describe('an image above 100 megapixels', () => {
  it('is sampled without being held, and cut, it is skipped with the reason', async () => {
    const own = await folderOf('large')
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
    const own = await folderOf('cancel')
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
      { numRuns: tries(300) },
    )
  })
})
