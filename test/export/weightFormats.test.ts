import { writeFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseWeights, readWeights } from '#main/export/importWeights.ts'
import { float32Text } from '#main/export/weights/float32Text.ts'
import { LabError } from '#shared/domain/labError.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { exportedOf, writers } from './exported.ts'
import { tries } from '../thorough.ts'

const names = Object.keys(writers)
const finite = fc.float({ noNaN: true, noDefaultInfinity: true })

async function errorOf(bytes: Uint8Array, name = 'w'): Promise<LabError> {
  try {
    await parseWeights(bytes, name)
  } catch (error) {
    expect(error).toBeInstanceOf(LabError)
    return error as LabError
  }
  throw new Error('It was read.')
}

/** The bytes with one stretch of them replaced. */
function replaced(bytes: Uint8Array, from: string, to: string): Uint8Array {
  expect(from.length).toBe(to.length)
  const at = Buffer.from(bytes).indexOf(from, 0, 'latin1')
  expect(at).toBeGreaterThanOrEqual(0)
  const copy = Uint8Array.from(bytes)
  copy.set(Buffer.from(to, 'latin1'), at)
  return copy
}

describe.each(names)('%s', (format) => {
  test('gives back every weight, bit by bit, with ρ̂ and settings', async () => {
    const size = fc.integer({ min: 1, max: 6 })
    await fc.assert(
      fc.asyncProperty(size, size, fc.infiniteStream(finite), async (h, n, stream) => {
        const take = (length: number) => Float32Array.from({ length }, () => stream.next().value as number)
        const weights = { visible: n, hidden: h, W1: take(h * n), W2: take(n * h), b1: take(h), b2: take(n) }
        const exported = { ...exportedOf(h, n), weights, rhoHat: take(h) }
        const read = await parseWeights(writers[format](exported), 'w')
        // Where ρ̂ is JSON, or all is text, −0 is 0.
        const plain = format === 'json' || format === 'csv' || format === 'safetensors' || format === 'onnx'
        const same = plain ? withoutNegativeZero : <T>(value: T) => value
        expect(same({ ...read.weights, rhoHat: read.rhoHat })).toEqual(
          same({ ...weights, rhoHat: exported.rhoHat }),
        )
        expect(read.config).toEqual(format === 'csv' ? null : exported.config)
      }),
      { numRuns: 60 },
    )
  })

  test('is known by its content, whatever its name', async () => {
    const file = path.join(makeFolder(), 'weights.bin')
    writeFileSync(file, writers[format](exportedOf(3, 4)))
    expect((await readWeights(file)).weights).toEqual(exportedOf(3, 4).weights)
  })

  test('is the same bytes each time', async () => {
    expect(writers[format](exportedOf(3, 4))).toEqual(writers[format](exportedOf(3, 4)))
  })

  test('that ends early is refused, wherever it is cut', async () => {
    const whole = writers[format](exportedOf(3, 4))
    // ρ̂ and the settings are notes that a file may lack, and they come last.
    const at = (text: string) => Buffer.from(whole).indexOf(text)
    const needed = { csv: at('rhoHat'), mat: at('rhoHat') - 60, onnx: at('patches') }[format]
    for (let length = 0; length < (needed ?? whole.length - 2); length += 3) {
      expect(['badInput', 'shape']).toContain((await errorOf(whole.slice(0, length))).code)
    }
  })

  test('with changed bytes is refused or read as finite weights that fit, in bounded memory', async () => {
    const whole = writers[format](exportedOf(3, 4))
    const before = process.memoryUsage().arrayBuffers
    const change = fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const bytes = whole.slice()
        for (const [at, value] of changes) bytes[at] = value
        await expectFitOrError(bytes)
      }),
      { numRuns: tries(800) },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length),
        fc.nat(whole.length),
        fc.uint8Array({ maxLength: 40 }),
        async (a, b, middle) => {
          await expectFitOrError(Buffer.concat([whole.subarray(0, a), middle, whole.subarray(b)]))
        },
      ),
      { numRuns: tries(400) },
    )
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20)
  })
})

/** NaN never gets in, and shapes always fit each other. */
async function expectFitOrError(bytes: Uint8Array): Promise<void> {
  try {
    const { weights } = await parseWeights(Uint8Array.from(bytes), 'w')
    const { hidden: h, visible: n } = weights
    expect([weights.W1.length, weights.W2.length, weights.b1.length, weights.b2.length]).toEqual([
      h * n,
      h * n,
      h,
      n,
    ])
    expect(
      [weights.W1, weights.W2, weights.b1, weights.b2].every((values) => values.every(Number.isFinite)),
    ).toBe(true)
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    expect(error.message).toMatch(/[.!]$/)
  }
}

const withoutNegativeZero = (value: object) =>
  Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      item instanceof Float32Array ? item.map((number) => (number === 0 ? 0 : number)) : (item as unknown),
    ]),
  )

describe('files that are no weights', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /no file of weights that is known/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 0, 0), /no file of weights/],
    ['JSON of something else', '{"a": 1}', /lacks W1, W2, b1, b2; it is empty\./],
    ['JSON that is cut', '{"weights": {"W1": [[1, 2', /not whole JSON/],
    [
      'rows of different lengths',
      '{"W1": [[1, 2], [3]], "W2": [[1]], "b1": [1], "b2": [1]}',
      /different lengths/,
    ],
    [
      'a word for a weight',
      '{"W1": [["a"]], "W2": [[1]], "b1": [1], "b2": [1]}',
      /W1 in w holds "a" at place 0/,
    ],
    [
      'CSV with a gap',
      'array,row,column,value\nW1,0,0,1\nW1,5,5,1\nW2,0,0,1\nb1,0,0,1\nb2,0,0,1\n',
      /2 lines for 6 × 6/,
    ],
    [
      'CSV with a hole',
      'array,row,column,value\nW1,0,0,1\nW1,1,0,1\nW1,1,0,2\nW2,0,0,1\nb1,0,0,1\nb2,0,0,1\n',
      /3 lines for 2 × 1/,
    ],
    ['CSV with a word', 'array,row,column,value\nW1,0,0,x\n', /Line 2 of w is "W1,0,0,x"/],
    [
      'MATLAB 7.3',
      `MATLAB 7.3 MAT-file${' '.repeat(200)}`,
      /version 7\.3\. Save it again with save\('-v7'\)/,
    ],
    [
      'a binary MATLAB of the other order',
      Buffer.concat([Buffer.from('MATLAB 5.0 MAT-file'.padEnd(124)), Buffer.from([1, 0]), Buffer.from('MI')]),
      /other byte order/,
    ],
  ])('%s', async (_, content, message) => {
    const error = await errorOf(typeof content === 'string' ? Buffer.from(content) : content)
    expect(error.code).toBe('badInput')
    expect(error.message).toMatch(message)
  })

  test('a duplicate line never stands in for a missing one', async () => {
    const text =
      'array,row,column,value\nW1,0,0,1\nW1,0,0,2\nW1,1,1,3\nW1,1,0,3\nW2,0,0,1\nb1,0,0,1\nb2,0,0,1\n'
    expect((await errorOf(Buffer.from(text))).message).toMatch(/W1 in w has shape 2 × 2|W2/)
  })

  test('NaN, as a run that diverged leaves it', async () => {
    for (const format of names) {
      const exported = exportedOf(2, 2)
      exported.weights.b1[1] = Number.NaN
      expect((await errorOf(writers[format](exported))).code).toBe('badInput')
    }
  })
})

describe('headers that promise too much', () => {
  const large = String(2 ** 40)

  test('safetensors: shapes are held against the file before memory is taken', async () => {
    const bytes = writers['safetensors'](exportedOf(30, 40))
    expect((await errorOf(replaced(bytes, '"shape":[30,40]', '"shape":[99,99]'))).message).toMatch(
      /is damaged/,
    )
    const header = `{"encoder.weight":{"dtype":"F32","shape":[${large},${large}],"data_offsets":[0,${large}]}}`
    const preamble = Buffer.alloc(8)
    preamble.writeUInt32LE(header.length)
    expect((await errorOf(Buffer.concat([preamble, Buffer.from(header)]))).message).toMatch(/is damaged/)
  })

  test('safetensors: a header of 16 exabytes is no header', async () => {
    const bytes = Uint8Array.from(writers['safetensors'](exportedOf(3, 4)))
    bytes.fill(0xff, 0, 8)
    expect((await errorOf(bytes)).message).toMatch(/no file of weights that is known/)
  })

  test('mat: an array of 2⁶² numbers', async () => {
    const bytes = Buffer.from(writers['mat'](exportedOf(3, 4)))
    // The dimensions of W1: tag, 8 bytes long, 3 and 4.
    const dims = bytes.indexOf(Buffer.from(Uint32Array.of(5, 8, 3, 4).buffer))
    bytes.writeUInt32LE(0x7fffffff, dims + 8)
    bytes.writeUInt32LE(0x7fffffff, dims + 12)
    expect((await errorOf(bytes)).message).toMatch(
      /W1 in w has shape 2147483647 × 2147483647, which is too large/,
    )
    bytes.writeUInt32LE(9000, dims + 8)
    bytes.writeUInt32LE(9000, dims + 12)
    expect((await errorOf(bytes)).code).toBe('shape')
  })

  test('onnx: dimensions that its bytes do not fill', async () => {
    const bytes = writers['onnx'](exportedOf(30, 40))
    // TensorProto: dims 30, dims 40, type 1
    expect(
      (await errorOf(replaced(bytes, '\x08\x1e\x08\x28\x10\x01', '\x08\x7f\x08\x7f\x10\x01'))).message,
    ).toMatch(/is damaged/)
  })
})

test('a decimal is the shortest that is the same float32', async () => {
  expect(
    [0.1, 1 / 3, 1e-20, 3.4028234663852886e38, -0.5, 16777216].map((value) =>
      float32Text(Math.fround(value)),
    ),
  ).toEqual(['0.1', '0.33333334', '1e-20', '3.4028235e+38', '-0.5', '16777216'])
  fc.assert(
    fc.property(finite, (value) => {
      expect(Math.fround(Number(float32Text(value)))).toBe(value === 0 ? 0 : value)
    }),
  )
})
