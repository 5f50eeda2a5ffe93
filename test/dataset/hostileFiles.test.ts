import { Transformer } from '@napi-rs/image'
import * as fc from 'fast-check'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { listArrays } from '#main/dataset/array/openArrays.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import { decodeImage } from '#main/dataset/image/readImage.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { LabError } from '#shared/domain/labError.ts'
import { mutations } from '../mutations.ts'
import { greyPng } from './pictures.ts'
import { tries } from '../thorough.ts'

// Whatever a file holds, its reader returns values or one sentence for the user. A hang ends by the test's time limit,
// memory taken for a claim alone by the process's.

const fixture = (...name: string[]) => readFileSync(path.join(import.meta.dirname, '..', 'fixtures', ...name))
const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** @returns what was read; undefined where it was refused with a sentence of ours */
async function orRefused<T>(read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    expect(error.code).toBe('badInput')
    expect(error.message).toMatch(/\.$/)
    return undefined
  }
}

const picture = greyPng(24, 20, (x, y) => x * 9 + y)
const images: Record<string, () => Uint8Array | Promise<Uint8Array>> = {
  PNG: () => picture,
  JPEG: () => new Transformer(picture).jpeg(80),
  WebP: () => new Transformer(picture).webpLossless(),
  BMP: () => new Transformer(picture).bmp(),
  TIFF: () => fixture('tiff', 'rgb8-deflate-predictor.tif'),
  GIF: () => fixture('gif', 'interlaced.gif'),
}

describe.each(Object.entries(images))('%s', (_format, original) => {
  test('is read or refused, however it was damaged', async () => {
    const bytes = new Uint8Array(await original())
    await fc.assert(
      fc.asyncProperty(mutations(bytes), async (damaged) => {
        const image = await orRefused(() => decodeImage(damaged, 1))
        if (image) {
          expect(image.pixels).toHaveLength(image.width * image.height)
          expect(image.pixels.every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: tries(150) },
    )
  })
})

const arrays: Record<string, Uint8Array> = {
  'a.npy': formatNpy(
    [6, 4],
    Float32Array.from({ length: 24 }, (_, i) => i / 24),
  ),
  'a.npz': fixture('arrays', 'many.npz'),
  'a.mat': fixture('arrays', 'many.mat'),
  'digits-idx3-ubyte': fixture('arrays', 'digits-idx3-ubyte'),
  'digits-idx3-ubyte.gz': fixture('arrays', 'digits-idx3-ubyte.gz'),
  'a.csv': fixture('arrays', 'patches.csv'),
}

describe.each(Object.entries(arrays))('%s', (name, original) => {
  test('is read or refused, however it was damaged', async () => {
    const file = path.join(folder, name)
    await fc.assert(
      fc.asyncProperty(mutations(new Uint8Array(original)), async (damaged) => {
        writeFileSync(file, damaged)
        const entries = (await orRefused(() => listArrays(file))) ?? []
        for (const array of [undefined, ...entries.map((entry) => entry.name)].slice(0, 3)) {
          const read = await orRefused(() =>
            readArray(file, array === undefined ? {} : { array }, { channels: 1, seed: 1 }),
          )
          if (read?.kind === 'patches') expect(read.values.every(Number.isFinite)).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })
})
