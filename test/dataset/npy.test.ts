import * as fc from 'fast-check'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patchGeometry } from '#main/dataset/array/arrayData.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import type { ReadArrayOptions } from '#main/dataset/array/storedArray.ts'
import { importArray } from '#main/dataset/importArray.ts'
import { formatNpy, parseNpy } from '#main/dataset/npy.ts'
import { LabError } from '#shared/domain/labError.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { tries } from '../thorough.ts'

/** The bytes that numpy.save wrote for np.array([[1, 2, 3], [4, 5, 6.5]], dtype), NumPy 2.4, in hexadecimal. */
const fromNumPy = {
  float32:
    '934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2033292c207d' +
    '20'.repeat(58) +
    '0a0000803f000000400000404000008040' +
    '0000a0400000d040',
} as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-npy-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A `.npy` with any header. */
function npy(dictionary: string, content: Uint8Array, version: 1 | 2 | 3 = 1): Buffer {
  const text = Buffer.from(`${dictionary}\n`, 'latin1')
  const start = Buffer.alloc(version === 1 ? 10 : 12)
  start.write(`\x93NUMPY${String.fromCharCode(version)}\0`, 'latin1')
  if (version === 1) start.writeUInt16LE(text.length, 8)
  else start.writeUInt32LE(text.length, 8)
  return Buffer.concat([start, text, content])
}
const header = (descr: string, shape: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`
const bytesOf = (values: Float32Array | Float64Array) => new Uint8Array(values.buffer.slice(0))

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  return file
}
async function readNpy(file: string, options: ReadArrayOptions = {}) {
  const read = await readArray(file, {}, { channels: 1, seed: 1 }, options)
  if (read.kind !== 'patches') throw new Error('no matrix')
  const { m, n, values } = read
  return { m, n, values }
}
async function reasonOf(bytes: Uint8Array): Promise<string> {
  const error = await readNpy(await write('X.npy', bytes)).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).code).toBe('badInput')
  return (error as LabError).message
}

const shapes = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 4 })
const arrays = shapes.chain((shape) => {
  const count = shape.reduce((product, length) => product * length, 1)
  const constraints = { minLength: count, maxLength: count }
  return fc.record({
    shape: fc.constant(shape),
    values: fc.oneof(fc.float32Array(constraints), fc.float64Array(constraints)),
  })
})

describe('formatNpy and parseNpy', () => {
  it('write what numpy.save writes', () => {
    const bytes = formatNpy([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6.5))
    expect(Buffer.from(bytes).toString('hex')).toBe(fromNumPy.float32)
  })

  it('give back any array, NaN and −0 included, with values aligned to 64 bytes', () => {
    fc.assert(
      fc.property(arrays, ({ shape, values }) => {
        const bytes = formatNpy(shape, values)
        expect((bytes.length - values.byteLength) % 64).toBe(0)
        const parsed = parseNpy(bytes)
        expect(parsed.shape).toEqual(shape)
        expect(parsed.dtype).toBe(values instanceof Float32Array ? 'float32' : 'float64')
        expect(parsed.values).toEqual(values)
      }),
    )
  })

  it('refuse values that do not fill the shape', () => {
    expect(() => formatNpy([2, 2], new Float32Array(3))).toThrow(
      '3 values do not fill an array of shape (2, 2).',
    )
  })

  it('read big-endian values, formats 2 and 3, and a view into a larger buffer', () => {
    const big = Buffer.from(bytesOf(Float64Array.of(1.5, -2))).swap64()
    expect(parseNpy(npy(header("'>f8'", '(2,)'), big)).values).toEqual(Float64Array.of(1.5, -2))
    const small = bytesOf(Float32Array.of(7))
    expect(parseNpy(npy(header("'<f4'", '()'), small, 2)).values).toEqual(Float32Array.of(7))
    expect(parseNpy(npy(header("'<f4'", '(1L,)'), small, 3)).shape).toEqual([1])
    const inside = Buffer.concat([Buffer.alloc(3), formatNpy([1], Float32Array.of(7))]).subarray(3)
    expect(parseNpy(inside).values).toEqual(Float32Array.of(7))
  })

  it('cut anywhere, or with bytes changed or added, it is refused or read, never worse', () => {
    const change = fc.tuple(fc.nat(300), fc.nat(255))
    fc.assert(
      fc.property(
        arrays,
        fc.array(change, { maxLength: 6 }),
        fc.integer({ min: -200, max: 50 }),
        ({ shape, values }, changes, growth) => {
          const whole = Buffer.from(formatNpy(shape, values))
          const cut = whole.subarray(0, Math.max(0, whole.length + Math.min(0, growth)))
          const bytes = Buffer.concat([cut, Buffer.alloc(Math.max(0, growth))])
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value
          try {
            const parsed = parseNpy(bytes)
            expect(parsed.values.length).toBe(parsed.shape.reduce((product, length) => product * length, 1))
          } catch (error) {
            expect(error).toBeInstanceOf(LabError)
          }
        },
      ),
      { numRuns: tries(500) },
    )
  })
})

describe('readNpy', () => {
  it('reads float32 and float64 alike', async () => {
    const values = Float32Array.from({ length: 6 }, (_, i) => i / 8)
    const expected = { m: 2, n: 3, values }
    expect(await readNpy(await write('a.npy', formatNpy([2, 3], values)))).toEqual(expected)
    expect(await readNpy(await write('b.npy', formatNpy([2, 3], Float64Array.from(values))))).toEqual(
      expected,
    )
  })

  it('reads more than one piece of a file, and can be cancelled between them', async () => {
    const values = Float64Array.from({ length: 1_200_000 }, (_, i) => i)
    const file = await write('large.npy', formatNpy([1000, 1200], values))
    expect((await readNpy(file)).values.every((value, i) => value === i)).toBe(true)
    const controller = new AbortController()
    const cancelled = readNpy(file, { signal: controller.signal, onRead: () => controller.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
  })

  it('names the first value that is not finite', async () => {
    const values = new Float32Array(12)
    values[7] = Number.NaN
    values[9] = Infinity
    expect(await reasonOf(formatNpy([4, 3], values))).toBe(
      'X.npy holds NaN at row 2, column 1 (from 0). Replace it or remove the row.',
    )
    expect(await reasonOf(formatNpy([4, 3], values.with(7, -Infinity)))).toContain('holds -Infinity at row 2')
    const large = new Float64Array(4)
    large[3] = 1e300
    expect(await reasonOf(formatNpy([2, 2], large))).toContain(
      '1e+300, too large for float32, at row 1, column 1',
    )
  })

  it.each([
    ['pickled objects', header("'|O'", '(2, 2)'), 'holds pickled Python objects, which are not opened.'],
    ['records', header("[('a', '<f4'), ('b', '<f4')]", '(2,)'), 'holds records, not real numbers.'],
    [
      'complex numbers',
      header("'<c8'", '(2, 1)'),
      'holds values of type complex64, not real numbers. Save their real part: X.real.',
    ],
    ['text', header("'<U4'", '(1, 1)'), 'not real numbers.'],
    ['one dimension', header("'<f4'", '(4,)'), 'has 1 dimension, labels perhaps. Give the array of patches'],
    ['five dimensions', header("'|u1'", '(1, 2, 2, 2, 2)'), 'is 1 × 2 × 2 × 2 × 2. Give patches × pixels'],
    ['too few values', header("'<f4'", '(5, 5)'), 'ends early'],
    ['too many values', header("'<f4'", '(1, 2)'), 'where its header promises'],
    ['a huge shape', header("'<f8'", '(999999999999999, 999999999999999)'), 'ends early'],
    ['a negative shape', header("'<f4'", '(-2, -2)'), 'has a damaged header'],
    ['no shape', "{'descr': '<f4', 'fortran_order': False}", 'has a damaged header'],
  ])('refuses %s', async (_what, dictionary, sentence) => {
    expect(await reasonOf(npy(dictionary, new Uint8Array(16)))).toContain(sentence)
  })

  it('refuses a file without values, and one that is no array', async () => {
    expect(await reasonOf(formatNpy([0, 64], new Float32Array(0)))).toContain('holds no patches')
    expect(await reasonOf(formatNpy([], Float32Array.of(1)))).toContain(
      'has 0 dimensions. Save patches × pixels',
    )
    expect(await reasonOf(Buffer.from('something else entirely'))).toBe(
      'X.npy is not a NumPy array. Write it with numpy.save.',
    )
    expect(await reasonOf(Buffer.alloc(0))).toBe('X.npy is empty. Copy it again.')
    const future = formatNpy([1, 1], new Float32Array(1))
    future[6] = 9
    expect(await reasonOf(future)).toContain('of format 9, which is not known')
    await expect(readNpy(path.join(folder, 'missing.npy'))).rejects.toThrow(
      'cannot be opened. Check the path.',
    )
    await expect(readNpy(folder)).rejects.toThrow('is not a file but a folder. Give a file.')
  })

  it('refuses a header that claims gigabytes, before it takes them', async () => {
    const claim = npy(header("'<f4'", '(3, 4)'), new Uint8Array(48), 2)
    claim.writeUInt32LE(0xfffffff0, 8)
    expect(await reasonOf(claim)).toContain('damaged header')
    // A sparse file as large as its header promises.
    const file = await write('sparse.npy', npy(header("'<f4'", '(8000000, 64)'), new Uint8Array(0)))
    await truncate(
      file,
      Buffer.byteLength(npy(header("'<f4'", '(8000000, 64)'), new Uint8Array(0))) + 8e6 * 64 * 4,
    )
    await expect(readArray(file, { rows: 5_000_000 }, { channels: 1, seed: 1 })).rejects.toThrow(
      '5000000 patches of 64 values need 1.2 GiB. Take at most 4194304 with --patches.',
    )
  })
})

describe('importArray', () => {
  const sampling = { ...defaultSampling, normalisation: { kind: 'none' } } as const

  it('uses the values as they are', async () => {
    const values = Float64Array.from({ length: 50 * 64 }, (_, i) => Math.sin(i))
    const draft = await importArray(await write('sines.npy', formatNpy([50, 64], values)), { sampling })
    expect(draft).toMatchObject({
      name: 'sines',
      kind: 'array',
      m: 50,
      n: 64,
      patchSize: 8,
      channels: 1,
      normalisation: { kind: 'none' },
      positions: null,
      images: [],
      whitening: null,
    })
    expect(draft.patches).toEqual(Float32Array.from(values))
    expect(draft.statistics.before).toBeNull()
    expect(draft.preview).toEqual({ count: 50, before: null, after: draft.patches })
  })

  it('squashes or whitens when asked to', async () => {
    const file = await write(
      'noise.npy',
      formatNpy(
        [40, 27],
        Float32Array.from({ length: 1080 }, (_, i) => Math.sin(i * i)),
      ),
    )
    const squashed = await importArray(file, {
      sampling: { ...sampling, normalisation: { kind: 'squash', range: 'tanh' } },
    })
    expect(Math.max(...squashed.patches)).toBeLessThanOrEqual(0.8)
    expect(Math.min(...squashed.patches)).toBeLessThan(-0.3)
    expect(squashed).toMatchObject({ patchSize: 3, channels: 3 })
    const whitened = await importArray(file, {
      sampling: { ...sampling, normalisation: { kind: 'zca', epsilon: 0.01 } },
    })
    expect(whitened.whitening).toHaveLength(27 * 27)
  })

  it.each([
    [64, 8, 1],
    [100, 10, 1],
    [192, 8, 3],
    [3, 1, 3],
    [1, 1, 1],
    [50, null, 1],
  ])('takes %i values for patches of %s pixels with %i channels', (n, patchSize, channels) => {
    expect(patchGeometry(n)).toEqual({ patchSize, channels })
  })
})
