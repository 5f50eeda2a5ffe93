import * as fc from 'fast-check'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readArray } from '#main/dataset/array/readArray.ts'
import { importArray } from '#main/dataset/importArray.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { LabError } from '#shared/domain/labError.ts'
import { fixture, sampling, put, readPatches, reasonOf } from './arrayFiles.ts'
import { tries } from '../thorough.ts'

describe('an array file', () => {
  it('is known by its content, whatever its name', async () => {
    const npy = formatNpy([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6))
    for (const [name, bytes] of [
      ['a.csv', npy],
      ['b.npy', await readFile(fixture('one.npz'))],
      ['c.txt', await readFile(fixture('digits-idx3-ubyte'))],
    ] as const) {
      expect((await readPatches(await put(name, bytes))).m).toBeGreaterThan(1)
    }
  })

  it.each([
    ['empty.bin', '', 'empty.bin is empty. Copy it again.'],
    ['photo.png', '\x89PNG\r\n\x1a\n', 'photo.png is an image. Give the folder that holds the images.'],
    [
      'weights.pkl',
      '\x80\x04\x95\x10\0\0\0',
      'weights.pkl holds pickled Python objects, which are not opened.',
    ],
    [
      'noise.bin',
      '\x01\x02\x03\x04\x05',
      'noise.bin holds no array that is known. Give one of these: .npy, .npz, .mat, HDF5 (.h5)',
    ],
    ['damaged.gz', '\x1f\x8b\x08\0\0\0\0\0\0\0\xff\xff\xff', 'damaged.gz is damaged: it cannot be unpacked.'],
    [
      'old.mat',
      '\0\0\0\0MATLAB 4',
      "old.mat is damaged or no MAT-file of version 5. Save it again with save('-v7').",
    ],
    ['false.npz', 'no archive', 'false.npz is not an .npz archive. Save it with numpy.savez.'],
    ['false.npy', 'no array', 'false.npy is not a NumPy array. Write it with numpy.save.'],
  ])('%s is refused in one sentence', async (name, content, sentence) => {
    expect(await reasonOf(await put(name, Buffer.from(content, 'latin1')))).toContain(sentence)
  })

  it('of patches refuses what is asked of images', async () => {
    for (const asked of [{ minContrast: 0.1 }, { unique: true }]) {
      await expect(importArray(fixture('one.npz'), { sampling: { ...sampling, ...asked } })).rejects.toThrow(
        'one.npz holds patches already.',
      )
    }
  })

  it('can be cancelled', async () => {
    const controller = new AbortController()
    const cancelled = importArray(
      fixture('patches.csv'),
      { sampling },
      { signal: controller.signal, onProgress: () => controller.abort() },
    )
    await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
  })

  it('cut, swapped or claiming anything gives numbers or a sentence: no crash, no memory without end', async () => {
    const names = [
      'IMAGES.mat',
      'many.mat',
      'many.npz',
      'one.npz',
      'digits-idx3-ubyte',
      'digits-idx3-ubyte.gz',
      'patches.csv',
      'v73.mat',
    ]
    const files = await Promise.all(names.map(async (name) => [name, await readFile(fixture(name))] as const))
    const bytes = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 14, 15))
    const words = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 8, 0x7fffffff, 0xffffffff, 0x10000))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(bytes, { maxLength: 4 }),
        fc.array(words, { maxLength: 2 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(undefined, 'X', 'IMAGES', 'colour'),
        async ([name, file], bytes, words, share, array) => {
          const changed = Buffer.from(file)
          for (const [at, value] of bytes) changed[at % changed.length] = value
          // Headers are where lies are told.
          for (const [at, value] of words)
            changed.writeUInt32LE(value, at % Math.min(changed.length - 4, 600))
          const cut = share < 0.6 ? changed : changed.subarray(0, Math.floor(changed.length * share))
          const before = process.memoryUsage().arrayBuffers
          try {
            const read = await readArray(await put(name, cut), { array }, { channels: 1, seed: 1 })
            if (read.kind === 'patches') expect(read.values).toHaveLength(read.m * read.n)
          } catch (error) {
            expect(error).toBeInstanceOf(LabError)
          }
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28)
        },
      ),
      { numRuns: tries(600) },
    )
  })
})
