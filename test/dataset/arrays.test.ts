import * as fc from 'fast-check'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PatchMatrix } from '#main/dataset/array/arrayData.ts'
import { arrayUse } from '#main/dataset/array/arrayUse.ts'
import { listArrays } from '#main/dataset/array/listArrays.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import { importArray } from '#main/dataset/importArray.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { formatNpz } from '#main/export/npz.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'

// See the README there: who wrote the files, and what is in them.
const fixture = (name: string) => path.join(import.meta.dirname, '../fixtures/arrays', name)

const X = Float32Array.from({ length: 108 }, (_, i) => ((i * 7) % 50) / 50)
const image = (r: number, c: number, k: number) => Math.fround(((17 * r + 5 * c + 101 * k) % 97) / 10 - 4)
const sampling = { ...defaultSampling, patches: 200, normalisation: { kind: 'none' } } as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-arrays-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}
async function readPatches(file: string, choice = {}): Promise<PatchMatrix> {
  const read = await readArray(file, choice, 1)
  expect(read.kind).toBe('patches')
  return read as PatchMatrix
}
async function reasonOf(file: string, choice = {}): Promise<string> {
  const error: unknown = await readArray(file, choice, 1).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).code).toBe('badInput')
  return (error as LabError).message
}
/** Values of any size are close enough as float32. */
const expectClose = (actual: Float32Array, expected: Float32Array) => {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6))
}

describe('.npz', () => {
  it('with one matrix needs no choice', async () => {
    expect(await readPatches(fixture('one.npz'))).toEqual({
      kind: 'patches',
      array: 'patches',
      m: 12,
      n: 9,
      values: X,
    })
  })

  it('with several names them, and gives the one that is asked for', async () => {
    expect(await reasonOf(fixture('many.npz'))).toBe(
      'many.npz holds more than one array: X (12 × 9 float64), Y (12 × 9 float32), F (12 × 9 float64). Choose one with --array NAME.',
    )
    expect(await readPatches(fixture('many.npz'), { array: 'X' })).toMatchObject({
      array: 'X',
      m: 12,
      n: 9,
      values: X,
    })
    expect((await readPatches(fixture('many.npz'), { array: 'Y' })).values).toEqual(
      X.map((value) => 2 * value),
    )
    expect(await listArrays(fixture('many.npz'))).toContainEqual({
      name: 'volume',
      shape: [2, 3, 4],
      type: 'float64',
      use: null,
    })
  })

  it('says what is wrong with an array that cannot be used', async () => {
    const reason = (array: string) => reasonOf(fixture('many.npz'), { array })
    expect(await reason('labels')).toContain('labels in many.npz holds values of type int64, not floats.')
    expect(await reason('volume')).toContain('volume in many.npz has 3 dimensions.')
    expect(await reason('F')).toContain('F in many.npz is in Fortran order.')
    expect(await reason('nothing')).toMatch(
      /^many\.npz has no array "nothing"\. It holds X \(12 × 9 float64\)/,
    )
  })

  it('never opens a pickled object', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + '\n'
    const member = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
      Buffer.from(header),
      Buffer.alloc(32),
    ])
    const { zipSync } = await import('fflate')
    const file = await put('pickled.npz', zipSync({ 'X.npy': member }))
    expect(await reasonOf(file)).toContain('pickled.npz has no matrix of patches')
    expect(await reasonOf(file, { array: 'X' })).toContain(
      'holds pickled Python objects, which are not opened.',
    )
  })

  it('with NaN is refused, naming the place', async () => {
    const values = new Float32Array(6)
    values[4] = Number.NaN
    const file = await put('nan.npz', formatNpz({ X: { shape: [2, 3], values } }))
    expect(await reasonOf(file)).toBe(
      'X in nan.npz holds NaN at row 1, column 1 (from 0). Replace it or remove the row.',
    )
  })

  it('that claims gigabytes is refused before they are taken', async () => {
    const { zipSync } = await import('fflate')
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (80000000, 64), }".padEnd(117) + '\n'
    const member = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'), Buffer.from(header)])
    const archive = Buffer.from(zipSync({ 'X.npy': member }))
    expect(await reasonOf(await put('claim.npz', archive))).toContain('ends early')
  })
})

describe('.mat', () => {
  it('of the course is known by its name and sampled as images', async () => {
    const draft = await importArray(fixture('IMAGES.mat'), { sampling })
    expect(draft).toMatchObject({ name: 'IMAGES', kind: 'images', m: 200, n: 64, patchSize: 8, channels: 1 })
    expect(draft.origin).toBe(`${fixture('IMAGES.mat')}, IMAGES`)
    expect(draft.images.map(({ file, width, height }) => [file, width, height]).slice(0, 2)).toEqual([
      ['IMAGES(:,:,1)', 16, 20],
      ['IMAGES(:,:,2)', 16, 20],
    ])
    for (let row = 0; row < 200; row++) {
      const [k, x, y] = draft.positions!.subarray(row * 3, row * 3 + 3)
      for (let i = 0; i < 64; i++) {
        expect(draft.patches[row * 64 + i]).toBe(image(y + (i >> 3), x + (i % 8), k))
      }
    }
    // Values from −4 to 5.6 would wrap around in a picture of bytes.
    const { rgba } = draft.images[0].thumbnail
    expect(rgba[0]).toBe(Math.round(((image(0, 0, 0) + 4) / 9.6) * 255))
    expect(await arrayUse(fixture('IMAGES.mat'), {})).toBe('images')
  })

  it('gives the same bytes for the same seed', async () => {
    const once = await importArray(fixture('IMAGES.mat'), { sampling })
    expect((await importArray(fixture('IMAGES.mat'), { sampling })).patches).toEqual(once.patches)
    const other = await importArray(fixture('IMAGES.mat'), { sampling: { ...sampling, seed: 2 } })
    expect(other.patches).not.toEqual(once.patches)
  })

  it('gives a matrix with a patch in each row, or in each column', async () => {
    expect(await reasonOf(fixture('many.mat'))).toContain(
      'many.mat holds more than one array: X (12 × 9 double), bits (12 × 9 uint8), colour (10 × 8 × 3 × 4 uint8).',
    )
    const rows = await readPatches(fixture('many.mat'), { array: 'X' })
    expect(rows).toMatchObject({ m: 12, n: 9 })
    expectClose(rows.values, X)
    const columns = await readPatches(fixture('many.mat'), { array: 'X', columns: true })
    expect(columns).toMatchObject({ m: 9, n: 12 })
    expect(columns.values[1]).toBe(rows.values[9])
  })

  it('keeps true and false as 1 and 0, and scales bytes to [0, 1]', async () => {
    const { values } = await readPatches(fixture('many.mat'), { array: 'bits' })
    expect(values).toEqual(X.map((value) => Number(value > 0.5)))
    const draft = await importArray(fixture('many.mat'), {
      array: 'colour',
      sampling: { ...sampling, channels: 3, patchSize: 4 },
    })
    expect(draft).toMatchObject({
      n: 48,
      channels: 3,
      statistics: { before: { histogram: { min: 0, max: 1 } } },
    })
    const [k, x, y] = draft.positions!
    for (let i = 0; i < 48; i++) {
      const pixel = Math.floor(i / 3)
      const byte = (y + (pixel >> 2) + 10 * (x + (pixel % 4)) + 60 * (i % 3) + 20 * k) % 256
      expect(draft.patches[i]).toBeCloseTo(byte / 255, 6)
    }
    const grey = await importArray(fixture('many.mat'), {
      array: 'colour',
      sampling: { ...sampling, patchSize: 4 },
    })
    expect(grey).toMatchObject({ n: 16, channels: 1 })
  })

  it('says what cannot be used, and why', async () => {
    const reason = (array: string) => reasonOf(fixture('many.mat'), { array })
    expect(await reason('note')).toBe('note in many.mat is char that holds no numbers. Save it as double.')
    expect(await reason('cells')).toContain('is cell that holds no numbers.')
    expect(await reason('z')).toContain('holds complex numbers. Save their real part.')
    expect(await reason('labels')).toContain('labels in many.mat is 12 × 1. Give patches × pixels')
    expect(await reason('q')).toContain('many.mat has no array "q".')
  })

  it('of version 7.3 is named, with the mend', async () => {
    expect(await reasonOf(fixture('v73.mat'))).toBe(
      "v73.mat is a MAT-file of version 7.3 (HDF5). Save it again with save('v73.mat', '-v7').",
    )
  })

  it('with patches larger than its images is refused', async () => {
    await expect(
      importArray(fixture('IMAGES.mat'), { sampling: { ...sampling, patchSize: 20 } }),
    ).rejects.toThrow('Smaller than one patch: 16 × 20 px, patches are 20 × 20.')
  })
})

describe('IDX, as MNIST has it', () => {
  it.each(['digits-idx3-ubyte', 'digits-idx3-ubyte.gz'])(
    '%s: each image whole as a patch, in [0, 1]',
    async (name) => {
      const draft = await importArray(fixture(name), { sampling })
      expect(draft).toMatchObject({ kind: 'array', m: 5, n: 16, patchSize: 4, channels: 1 })
      expect(draft.patches).toEqual(Float32Array.from({ length: 80 }, (_, i) => ((3 * i) % 256) / 255))
    },
  )

  it('of labels is refused', async () => {
    expect(await reasonOf(fixture('labels-idx1-ubyte'))).toContain(
      'labels perhaps. Give the file with the images.',
    )
  })

  const idx = (type: number, lengths: number[], content: Uint8Array): Buffer => {
    const head = Buffer.alloc(4 + 4 * lengths.length)
    head.set([0, 0, type, lengths.length])
    lengths.forEach((length, k) => head.writeUInt32BE(length, 4 + 4 * k))
    return Buffer.concat([head, content])
  }

  it('of floats keeps its values, images that are no squares are no pictures', async () => {
    const content = Buffer.alloc(24)
    Array.from({ length: 6 }, (_, i) => content.writeFloatBE(i / 3, 4 * i))
    const draft = await importArray(await put('floats', idx(0x0d, [1, 2, 3], content)), { sampling })
    expect(draft).toMatchObject({ m: 1, n: 6, patchSize: null })
    expect(draft.patches).toEqual(Float32Array.from({ length: 6 }, (_, i) => i / 3))
    const odd = await importArray(
      await put(
        'odd',
        idx(
          8,
          [2, 2, 8],
          Uint8Array.from({ length: 32 }, (_, i) => i),
        ),
      ),
      { sampling },
    )
    expect(odd).toMatchObject({ n: 16, patchSize: null })
  })

  it('cut, too long, empty or with a header that claims gigabytes is refused', async () => {
    const whole = await readFile(fixture('digits-idx3-ubyte'))
    expect(await reasonOf(await put('cut', whole.subarray(0, 60)))).toBe(
      'cut ends early: 44 of 80 values. Copy it again.',
    )
    expect(await reasonOf(await put('head', whole.subarray(0, 9)))).toBe(
      'head ends early, inside its header. Copy it again.',
    )
    expect(await reasonOf(await put('long', Buffer.concat([whole, Buffer.of(1)])))).toContain(
      'has more bytes than its header promises',
    )
    expect(await reasonOf(await put('none', idx(8, [0, 4, 4], Buffer.alloc(0))))).toContain(
      'holds no images: its shape is 0 × 4 × 4.',
    )
    expect(await reasonOf(await put('huge', idx(8, [0xffffffff, 28, 28], Buffer.alloc(9))))).toContain(
      'GiB. Take at most',
    )
    expect(await reasonOf(await put('cut.gz', gzipSync(whole).subarray(0, 70)))).toBe(
      'cut.gz ends early. Copy it again.',
    )
    const nan = Buffer.alloc(16)
    nan.writeFloatBE(Number.NaN, 8)
    expect(await reasonOf(await put('nan', idx(0x0d, [2, 2], nan)))).toContain(
      'nan holds NaN at row 1, column 0',
    )
  })
})

describe('CSV', () => {
  it('as NumPy writes it, its remark passed over', async () => {
    const { m, n, values } = await readPatches(fixture('patches.csv'))
    expect([m, n]).toEqual([12, 9])
    expectClose(values, X)
  })

  it.each([
    ['a header', 'p0,p1,p2\n1,2,3\n4,5,6\n'],
    ['quotes, a byte order mark and no last line end', '\uFEFF"p0","p1","p2"\r\n"1",2,3\r\n4,"5",6'],
    ['semicolons', '1;2;3\n4;5;6\n'],
    ['tabs', '1\t2\t3\n\n4\t5\t6\n'],
    ['blanks', ' 1  2 3 \n# a remark\n4 5e0 6.\n'],
    ['several spaces and signs', '+1   2.0 3\n4 5 0.6e1'],
  ])('with %s', async (_what, text) => {
    expect(await readPatches(await put('table.csv', text))).toMatchObject({
      m: 2,
      n: 3,
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
    })
  })

  it('gzipped', async () => {
    expect(await readPatches(await put('table.csv.gz', gzipSync('1,2\n3,4\n')))).toMatchObject({ m: 2, n: 2 })
  })

  it.each([
    ['1,2,3\n4,5\n', 'Line 2 of bad.csv has 2 numbers where those before have 3. Make all lines alike.'],
    [
      'a,b\n1,2\n3,x\n',
      'bad.csv has "x" in line 3, column 2, which is no number. Write numbers such as 0.25.',
    ],
    ['1,2\n3,\n', 'bad.csv has an empty cell in line 2, column 2. Fill it or remove the line.'],
    ['1,2\nnan,4\n', 'bad.csv holds nan in line 2, column 1. Replace it or remove the line.'],
    ['1,2\n3,-Inf\n', 'bad.csv holds -Inf in line 2, column 2. Replace it or remove the line.'],
    ['1,2\n3,1e300\n', 'bad.csv holds 1e300, too large for float32, in line 2, column 2. Replace it.'],
    [
      '1,5;2,5\n3,5;4,5\n',
      'bad.csv has "3,5" in line 2, column 1, which is no number. Write numbers such as 0.25.',
    ],
    ['a,b\n', 'bad.csv holds no numbers. Write one patch a line.'],
    ['a,b\nc,d\n', 'bad.csv has "c" in line 2, column 1, which is no number. Write numbers such as 0.25.'],
  ])('%j is refused, naming the line', async (text, sentence) => {
    expect(await reasonOf(await put('bad.csv', text))).toBe(sentence)
  })

  it('without line ends is not taken into memory whole', async () => {
    const file = await put('endless.csv', '1,'.repeat(9 * 2 ** 20))
    expect(await reasonOf(file)).toContain('is longer than 16 million characters.')
  })

  it('gives back any table of numbers', async () => {
    const tables = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.array(
          fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: n, maxLength: n }),
          { minLength: 1, maxLength: 8 },
        ),
      )
    await fc.assert(
      fc.asyncProperty(
        tables,
        fc.constantFrom(',', ';', '\t', ' '),
        fc.boolean(),
        async (rows, separator, hasHeader) => {
          const header = hasHeader ? [rows[0].map((_, k) => `p${k}`)] : []
          const text = [...header, ...rows].map((row) => row.join(separator)).join('\n')
          const { m, n, values } = await readPatches(await put('any.csv', text))
          expect([m, n]).toEqual([rows.length, rows[0].length])
          // −0 is written as 0.
          expect(Array.from(values, (value) => value + 0)).toEqual(rows.flat().map((value) => value + 0))
        },
      ),
      { numRuns: 150 },
    )
  })
})

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
      'noise.bin holds no array that is known. Give a .npy, .npz, .mat, IDX or CSV file.',
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
            const read = await readArray(await put(name, cut), { array }, 1)
            if (read.kind === 'patches') expect(read.values).toHaveLength(read.m * read.n)
          } catch (error) {
            expect(error).toBeInstanceOf(LabError)
          }
          expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28)
        },
      ),
      { numRuns: 600 },
    )
  })
})
