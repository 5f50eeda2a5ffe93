import path from 'node:path'
import { zipSync } from 'fflate'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatNpy } from '#main/dataset/npy.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { formatNpz, weightArrays, writeArrays, type NamedArrays } from '#main/export/npz.ts'
import { parseNpz } from '#main/export/parseNpz.ts'
import { LabError } from '#shared/domain/labError.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { ramp, weightsOf } from './rampWeights.ts'

/** The arrays of weights, some of them changed or (null) left out. */
function npz(changes: Record<string, NamedArrays[string] | null> = {}, h = 3, n = 4): Uint8Array {
  const arrays = { ...weightArrays(weightsOf(h, n)), ...changes }
  return formatNpz(
    Object.fromEntries(Object.entries(arrays).filter(([, array]) => array !== null)) as NamedArrays,
  )
}

async function errorOf(bytes: Uint8Array): Promise<LabError> {
  try {
    await parseNpz(bytes, 'w.npz')
  } catch (error) {
    expect(error).toBeInstanceOf(LabError)
    return error as LabError
  }
  throw new Error('It was read.')
}

describe('weights that were written', () => {
  test('are read again bit by bit, with ρ̂ and configuration', async () => {
    const file = path.join(makeFolder(), 'weights.npz')
    const weights = weightsOf(3, 4)
    const rhoHat = Float32Array.of(0.1, 0.2, 0.3)
    const config = { ...defaultConfig, hidden: 3 }
    await writeArrays(file, {
      ...weightArrays(weights),
      rhoHat: { shape: [3], values: rhoHat },
      config: JSON.stringify(config),
    })
    expect(await readWeights(file)).toEqual({
      weights,
      theta: thetaFromWeights(weights),
      rhoHat,
      config,
      normalisation: null,
    })
  })

  test('of any shape and any finite value', async () => {
    const size = fc.integer({ min: 1, max: 6 })
    const float = fc.float({ noNaN: true, noDefaultInfinity: true })
    await fc.assert(
      fc.asyncProperty(size, size, fc.infiniteStream(float), async (h, n, stream) => {
        const take = (length: number) => Float32Array.from({ length }, () => stream.next().value as number)
        const weights = { visible: n, hidden: h, W1: take(h * n), W2: take(n * h), b1: take(h), b2: take(n) }
        expect(await parseNpz(formatNpz(weightArrays(weights)), 'w.npz')).toEqual({
          weights,
          theta: thetaFromWeights(weights),
          rhoHat: null,
          config: null,
          normalisation: null,
        })
      }),
    )
  })

  test('are the same bytes each time', async () => {
    expect(npz()).toEqual(npz())
  })

  test('may be float64, as a gradient is', async () => {
    const values = Float64Array.from({ length: 12 }, (_, i) => i / 3)
    const read = await parseNpz(npz({ W1: { shape: [3, 4], values } }), 'w.npz')
    expect(read.weights.W1).toEqual(Float32Array.from(values))
    // What computes in float64 has them as they are.
    expect(read.theta.subarray(0, 12)).toEqual(values)
  })

  test('may have biases as columns, as MATLAB has them', async () => {
    const bytes = npz({ b1: { shape: [3, 1], values: ramp(3) }, b2: { shape: [1, 4], values: ramp(4) } })
    expect((await parseNpz(bytes, 'w.npz')).weights.b2).toEqual(ramp(4))
  })

  test('with a configuration that is not ours are read without it', async () => {
    for (const config of ['not JSON', '{"rho": 7}', 'null', '']) {
      expect((await parseNpz(npz({ config }), 'w.npz')).config).toBeNull()
    }
    expect((await parseNpz(npz({ config: { shape: [], values: ramp(1) } }), 'w.npz')).config).toBeNull()
  })
})

describe('weights that do not fit are refused, and the sentence names the array', () => {
  test.each<[string, Parameters<typeof npz>[0], RegExp]>([
    ['a missing array', { b2: null }, /w\.npz lacks b2; it has W1 .*\. Save W1, W2, b1 and b2/],
    [
      'a transposed decoder',
      { W2: { shape: [3, 4], values: ramp(12) } },
      /W2 in w\.npz has shape 3 × 4\. .*must be 4 × 3/,
    ],
    [
      'an encoder without rows',
      { W1: { shape: [12], values: ramp(12) } },
      /W1 in w\.npz has shape 12\. It must be hidden units × pixels/,
    ],
    ['no hidden unit', { W1: { shape: [0, 4], values: ramp(0) } }, /W1 in w\.npz has shape 0 × 4/],
    ['a short bias', { b1: { shape: [2], values: ramp(2) } }, /b1 in w\.npz has shape 2\. .*3 values/],
    ['a bias that is a matrix', { b2: { shape: [2, 2], values: ramp(4) } }, /b2 in w\.npz has shape 2 × 2/],
    ['averages of other units', { rhoHat: { shape: [4], values: ramp(4) } }, /rhoHat in w\.npz has shape 4/],
  ])('%s', async (_, changes, message) => {
    const error = await errorOf(npz(changes))
    expect(error.message).toMatch(message)
    expect(['shape', 'badInput']).toContain(error.code)
  })

  test.each([NaN, Infinity, 1e300])('%f among the weights', async (value) => {
    const values = Float64Array.of(1, 2, value)
    expect((await errorOf(npz({ b1: { shape: [3], values } }))).message).toMatch(
      /b1 in w\.npz holds .* at place 2/,
    )
  })

  test('more hidden units than any run has', async () => {
    expect((await errorOf(npz({}, 10_001, 1))).message).toMatch(/too large.*10000 hidden/)
  })
})

describe('files that are no weights are refused', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['an empty file', new Uint8Array(), /w\.npz is not an \.npz archive/],
    ['text', new TextEncoder().encode('hello'.repeat(50)), /w\.npz is not an \.npz archive/],
    ['one array', formatNpy([3], ramp(3)), /w\.npz is not an \.npz archive/],
    [
      'an archive of something else',
      zipSync({ 'a.txt': Uint8Array.of(1) }),
      /lacks W1, W2, b1, b2; it is empty/,
    ],
    ['an archive of nothing', zipSync({}), /it is empty/],
    [
      'members that are no arrays',
      zipSync(
        {
          'W1.npy': ramp(3) as never as Uint8Array,
          'W2.npy': new Uint8Array(9),
          'b1.npy': new Uint8Array(9),
          'b2.npy': new Uint8Array(9),
        },
        { level: 0 },
      ),
      /W1 in w\.npz is not a NumPy array/,
    ],
  ])('%s', async (_, bytes, message) => {
    const error = await errorOf(bytes)
    expect(error.code).toBe('badInput')
    expect(error.message).toMatch(message)
  })

  test('a file that is missing, or a folder', async () => {
    const folder = makeFolder()
    await expect(readWeights(path.join(folder, 'no.npz'))).rejects.toThrow(/no\.npz cannot be opened/)
    await expect(readWeights(folder)).rejects.toThrow(/is a folder without cfg\.json/)
  })

  test('one that ends early, wherever it is cut', async () => {
    const whole = npz()
    for (let length = 0; length < whole.length; length += 7)
      expect((await errorOf(whole.slice(0, length))).code).toBe('badInput')
  })

  test('one with a flipped byte is refused or harmless, never read wrongly', async () => {
    const whole = npz({ config: JSON.stringify(defaultConfig) })
    const right = await parseNpz(whole, 'w.npz')
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const bytes = whole.slice()
        bytes[at] ^= change
        try {
          const read = await parseNpz(bytes, 'w.npz')
          expect({ ...read, config: null }).toEqual({ ...right, config: null })
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('archives made to do harm', () => {
  const arrays = () =>
    Object.fromEntries(
      Object.entries(weightArrays(weightsOf(3, 4))).map(([name, array]) => [
        `${name}.npy`,
        typeof array === 'string' ? new Uint8Array() : formatNpy(array.shape, array.values),
      ]),
    )

  test('a bomb, 64 MB of zeros in a small file, is refused by its header before it is unpacked', async () => {
    const bomb = new Uint8Array(64 << 20)
    bomb.set(formatNpy([3, 4], ramp(12)))
    const bytes = zipSync({ ...arrays(), 'W1.npy': [bomb, { level: 1 }] }, { level: 0 })
    expect(bytes.length).toBeLessThan(1 << 20)
    const before = process.memoryUsage().arrayBuffers
    expect((await errorOf(bytes)).message).toMatch(/W1 in w\.npz has \d+ bytes where its header promises/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20)
  })

  test('a member that unpacks to more than the directory says is not unpacked further', async () => {
    const long = new Uint8Array(10 << 20)
    long.set(formatNpy([3, 4], ramp(12)))
    const bytes = zipSync({ ...arrays(), 'W1.npy': [long, { level: 9 }] }, { level: 0 })
    // The directory is told to lie: the size that the header promises.
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    for (let at = 0; at + 4 <= bytes.length; at++) {
      if (view.getUint32(at, true) === 10 << 20) view.setUint32(at, formatNpy([3, 4], ramp(12)).length, true)
    }
    const error = await errorOf(bytes)
    expect(error.message).toMatch(/w\.npz is damaged/)
    expect(error.cause).toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' })
  })

  test('65,000 arrays that all are the same bytes hang nobody: entries that lie over each other are refused', async () => {
    const zeros = formatNpy([1, 1 << 20], new Float32Array(1 << 20))
    const one = Buffer.from(zipSync({ 'a.npy': [zeros, { level: 9 }] }))
    const directoryAt = one.readUInt32LE(one.length - 6)
    const entry = one.subarray(directoryAt, one.length - 22)
    const overlapping = (count: number) => {
      const entries = Array.from({ length: count }, (_, k) => {
        const own = Buffer.from(entry)
        own.write(String.fromCharCode(97 + (k % 26)), 46)
        return own
      })
      const end = Buffer.from(one.subarray(one.length - 22))
      end.writeUInt16LE(count, 8)
      end.writeUInt16LE(count, 10)
      end.writeUInt32LE(count * entry.length, 12)
      return Buffer.concat([one.subarray(0, directoryAt), ...entries, end])
    }
    expect((await errorOf(overlapping(65_000))).message).toMatch(
      /w\.npz holds 65000 files; an \.npz archive has at most 4096/,
    )
    expect((await errorOf(overlapping(20))).message).toMatch(/w\.npz is damaged/)
  })

  test('pickled objects are never opened', async () => {
    const array = formatNpy([12], ramp(12))
    const text = Buffer.from(array).toString('latin1').replace("'<f4'", "'|O' ")
    const pickled = Uint8Array.from(Buffer.from(text, 'latin1'))
    const bytes = zipSync({ ...arrays(), 'W1.npy': pickled }, { level: 0 })
    expect((await errorOf(bytes)).message).toMatch(/W1 in w\.npz holds pickled Python objects/)
  })
})
