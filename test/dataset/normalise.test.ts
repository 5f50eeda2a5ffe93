import { Matrix } from 'ml-matrix'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalise } from '#main/dataset/normalise/normalise.ts'
import { valueStatistics } from '#shared/numbers/valueStatistics.ts'
import { maximumWhitenedPixels } from '#main/dataset/normalise/principalDirections.ts'
import { createRandom } from '#shared/random/random.ts'

function normals(count: number, seed = 1): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => 0.5 + 0.2 * random.normal())
}

/** Covariance of rows, in float64. */
function covariance(values: Float32Array, m: number, n: number): Matrix {
  const x = new Matrix(
    Array.from({ length: m }, (_, row) => Array.from(values.subarray(row * n, (row + 1) * n))),
  )
  const centred = x.subRowVector(x.mean('column'))
  return centred.transpose().mmul(centred).div(m)
}

describe('squash', () => {
  it('is the course’s normalisation, step by step', () => {
    const m = 40
    const n = 9
    const raw = normals(m * n)
    raw[5] = 4
    // Written out plainly: mean-free, clipped at 3σ, mapped.
    const free: number[] = []
    for (let row = 0; row < m; row++) {
      const patch = Array.from(raw.subarray(row * n, (row + 1) * n))
      const mean = patch.reduce((a, b) => a + b) / n
      free.push(...patch.map((value) => value - mean))
    }
    const sigma = Math.sqrt(free.reduce((sum, value) => sum + value * value, 0) / free.length)
    const clipped = free.map((value) => Math.max(-3 * sigma, Math.min(3 * sigma, value)) / (3 * sigma))

    for (const [range, map] of [
      ['sigmoid', (value: number) => (value + 1) * 0.4 + 0.1],
      ['tanh', (value: number) => value * 0.8],
    ] as const) {
      const patches = raw.slice()
      const result = normalise(patches, m, n, { kind: 'squash', range })
      expect(result.threeSigma).toBeCloseTo(3 * sigma, 6)
      expect(result.clippedShare).toBe(
        free.filter((value) => Math.abs(value) > 3 * sigma).length / free.length,
      )
      expect(result.clippedShare).toBeGreaterThan(0)
      patches.forEach((value, i) => expect(value).toBeCloseTo(map(clipped[i]), 6))
    }
  })

  it('stays inside [0.1, 0.9] or [−0.8, 0.8], whatever the values', () => {
    const value = fc.float({ min: -1e6, max: 1e6, noNaN: true })
    const shape = fc.record({
      values: fc.array(value, { minLength: 8, maxLength: 200 }),
      n: fc.integer({ min: 2, max: 8 }),
    })
    fc.assert(
      fc.property(shape, fc.constantFrom('sigmoid', 'tanh'), ({ values, n }, range) => {
        const m = Math.floor(values.length / n)
        const patches = Float32Array.from(values.slice(0, m * n))
        try {
          normalise(patches, m, n, { kind: 'squash', range })
        } catch (error) {
          expect((error as Error).message).toContain('flat')
          return
        }
        const [low, high] = range === 'sigmoid' ? [0.1, 0.9] : [-0.8, 0.8]
        for (const value of patches) {
          expect(value).toBeGreaterThanOrEqual(low - 1e-6)
          expect(value).toBeLessThanOrEqual(high + 1e-6)
        }
      }),
    )
  })
})

describe('zca', () => {
  const m = 4000
  const n = 12
  /** Neighbouring values depend on each other. */
  function correlated(): Float32Array {
    const patches = normals(m * n, 7)
    for (let i = 1; i < patches.length; i++) patches[i] = 0.7 * patches[i - 1] + 0.3 * patches[i]
    return patches
  }

  it('makes the covariance the identity as ε goes to 0, but for the mean that was removed', () => {
    const patches = correlated()
    const { whitening } = normalise(patches, m, n, { kind: 'zca', epsilon: 1e-12 })
    const result = covariance(patches, m, n)
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) expect(result.get(i, j)).toBeCloseTo(Number(i === j) - 1 / n, 3)
    }
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) expect(whitening![i * n + j]).toBe(whitening![j * n + i])
  })

  it('the kept matrix turns mean-free patches into the whitened ones', () => {
    const raw = correlated()
    const patches = raw.slice()
    const { whitening } = normalise(patches, m, n, { kind: 'zca', epsilon: 0.1 })
    for (let row = 0; row < 20; row++) {
      const patch = Array.from(raw.subarray(row * n, (row + 1) * n))
      const mean = patch.reduce((a, b) => a + b) / n
      for (let j = 0; j < n; j++) {
        const expected = patch.reduce((sum, value, k) => sum + (value - mean) * whitening![k * n + j], 0)
        expect(patches[row * n + j]).toBeCloseTo(expected, 5)
      }
    }
  })

  it('colour with the mean of each value removed: no value keeps a mean, and the mean is kept', () => {
    // Red above green above blue, as in photographs: what each patch's own mean leaves there.
    const raw = correlated().map((value, i) => value + [0.6, 0.45, 0.3][i % 3])
    const patches = raw.slice()
    const byValue = normalise(patches, m, n, { kind: 'zca', epsilon: 0.1, mean: 'value' })
    const meanOf = (values: Float32Array, j: number) => {
      let sum = 0
      for (let row = 0; row < m; row++) sum += values[row * n + j]
      return sum / m
    }
    const { mean } = byValue.whiteningStatistics!
    for (let j = 0; j < n; j++) {
      expect(meanOf(patches, j)).toBeCloseTo(0, 5)
      expect(mean![j]).toBeCloseTo(meanOf(raw, j), 6)
    }
    for (let row = 0; row < 20; row++) {
      for (let j = 0; j < n; j++) {
        let expected = 0
        for (let k = 0; k < n; k++) {
          expected += (raw[row * n + k] - mean![k]) * byValue.whitening![k * n + j]
        }
        expect(patches[row * n + j]).toBeCloseTo(expected, 4)
      }
    }
    const own = raw.slice()
    const { whiteningStatistics } = normalise(own, m, n, { kind: 'zca', epsilon: 0.1 })
    expect(whiteningStatistics).not.toHaveProperty('mean')
    expect(Math.abs(meanOf(own, 0))).toBeGreaterThan(0.1)
  })

  it('a larger ε amplifies weak directions less', () => {
    const spread = (epsilon: number) => {
      const patches = correlated()
      normalise(patches, m, n, { kind: 'zca', epsilon })
      return valueStatistics(patches).deviation
    }
    expect(spread(0.1)).toBeLessThan(spread(0.001))
  })

  it('refuses patches too wide for it', () => {
    const n = maximumWhitenedPixels + 1
    expect(() => normalise(normals(2 * n), 2, n, { kind: 'zca', epsilon: 0.1 })).toThrow(
      `ZCA takes at most 768 values a patch, not ${n}. Choose smaller patches.`,
    )
  })
})

describe('pca', () => {
  const m = 3000
  const n = 10
  const correlated = () => {
    const patches = normals(m * n, 7)
    for (let i = 1; i < patches.length; i++) patches[i] = 0.7 * patches[i - 1] + 0.3 * patches[i]
    return patches
  }

  it('gives components that are uncorrelated, the strongest first, of variance 1 as ε goes to 0', () => {
    const patches = correlated()
    const { whiteningStatistics } = normalise(patches, m, n, { kind: 'pca', epsilon: 1e-12, keptVariance: 1 })
    const result = covariance(patches, m, n)
    for (let i = 0; i < n; i++) {
      // The last direction is the mean, which was removed.
      for (let j = 0; j < n; j++) expect(result.get(i, j)).toBeCloseTo(Number(i === j && i < n - 1), 2)
    }
    const { eigenvalues, components, keptVariance, keptAfterEpsilon } = whiteningStatistics!
    expect(eigenvalues).toEqual(eigenvalues.toSorted((a, b) => b - a))
    expect([components, keptVariance]).toEqual([n, 1])
    expect(keptAfterEpsilon).toBeCloseTo(1, 6)
  })

  it('keeps as few components as hold the share; the others are 0, and n stays', () => {
    const patches = correlated()
    const { whitening, whiteningStatistics } = normalise(patches, m, n, {
      kind: 'pca',
      epsilon: 0.01,
      keptVariance: 0.8,
    })
    const { eigenvalues, components, keptVariance } = whiteningStatistics!
    const share = (count: number) =>
      eigenvalues.slice(0, count).reduce((a, b) => a + b, 0) / eigenvalues.reduce((a, b) => a + b)
    expect(components).toBeLessThan(n)
    expect(keptVariance).toBeCloseTo(share(components), 12)
    expect(share(components)).toBeGreaterThanOrEqual(0.8)
    expect(share(components - 1)).toBeLessThan(0.8)
    expect(patches).toHaveLength(m * n)
    patches.forEach((value, i) => i % n >= components && expect(value).toBe(0))
    expect(whitening!.filter((_, i) => i % n >= components).every((value) => value === 0)).toBe(true)
  })

  it('a filter in pixels is the matrix times its weights: it gives a unit the same input', () => {
    for (const normalisation of [
      { kind: 'pca', epsilon: 0.1, keptVariance: 0.9 },
      { kind: 'zca', epsilon: 0.1 },
    ] as const) {
      const raw = correlated()
      const patches = raw.slice()
      const { whitening } = normalise(patches, m, n, normalisation)
      const weights = normals(n, 5)
      const filter = Array.from({ length: n }, (_, pixel) =>
        weights.reduce((sum, weight, k) => sum + whitening![pixel * n + k] * weight, 0),
      )
      for (let row = 0; row < 20; row++) {
        const mean = raw.subarray(row * n, (row + 1) * n).reduce((a, b) => a + b) / n
        const inPixels = filter.reduce((sum, value, k) => sum + value * (raw[row * n + k] - mean), 0)
        const whitened = weights.reduce((sum, weight, k) => sum + weight * patches[row * n + k], 0)
        expect(inPixels).toBeCloseTo(whitened, 4)
      }
    }
  })

  it('refuses patches too wide for it', () => {
    const n = maximumWhitenedPixels + 1
    expect(() => normalise(normals(2 * n), 2, n, { kind: 'pca', epsilon: 0.1, keptVariance: 1 })).toThrow(
      `PCA takes at most 768 values a patch, not ${n}. Choose smaller patches.`,
    )
  })
})

describe('mean', () => {
  it('removes each patch’s own mean and nothing else', () => {
    const raw = normals(600)
    const patches = raw.slice()
    normalise(patches, 60, 10, { kind: 'mean' })
    for (let row = 0; row < 60; row++) {
      const mean = raw.subarray(row * 10, row * 10 + 10).reduce((a, b) => a + b) / 10
      for (let k = 0; k < 10; k++) expect(patches[row * 10 + k]).toBeCloseTo(raw[row * 10 + k] - mean, 6)
    }
  })
})

describe('normalise', () => {
  it('leaves values alone for none', () => {
    const patches = normals(60)
    const before = patches.slice()
    expect(normalise(patches, 6, 10, { kind: 'none' })).toMatchObject({
      threeSigma: null,
      clippedShare: null,
      whitening: null,
    })
    expect(patches).toEqual(before)
  })

  const kinds = [
    { kind: 'squash', range: 'sigmoid' },
    { kind: 'zca', epsilon: 0.1 },
    { kind: 'pca', epsilon: 0.1, keptVariance: 0.99 },
    { kind: 'mean' },
    { kind: 'none' },
  ] as const
  it.each(kinds)('refuses a constant dataset ($kind)', (normalisation) => {
    const constant = new Float32Array(640).fill(0.3)
    expect(() => normalise(constant, 10, 64, normalisation)).toThrow(
      'Every patch is flat, so there is nothing to learn.',
    )
  })

  it('refuses patches that differ from each other but are flat in themselves', () => {
    const patches = Float32Array.from({ length: 640 }, (_, i) => Math.floor(i / 64) / 10)
    expect(() => normalise(patches, 10, 64, { kind: 'squash', range: 'tanh' })).toThrow('flat')
  })
})

describe('valueStatistics', () => {
  it('counts every value once, in 64 bins', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 300, noNaN: true, min: -1e3, max: 1e3 }),
        (values) => {
          const { histogram, mean } = valueStatistics(values)
          expect(histogram.counts).toHaveLength(64)
          expect(histogram.counts.reduce((a, b) => a + b)).toBe(values.length)
          expect(mean).toBeGreaterThanOrEqual(histogram.min - 1e-9)
          expect(mean).toBeLessThanOrEqual(histogram.max + 1e-9)
        },
      ),
    )
  })

  it('puts values where they belong, the largest in the last bin', () => {
    const { histogram, mean, deviation } = valueStatistics(Float32Array.of(0, 0, 0.5, 1), [0, 1])
    expect(histogram).toMatchObject({ min: 0, max: 1 })
    expect([histogram.counts[0], histogram.counts[32], histogram.counts[63]]).toEqual([2, 1, 1])
    expect(mean).toBe(0.375)
    expect(deviation).toBeCloseTo(Math.sqrt(0.171875), 12)
  })
})
