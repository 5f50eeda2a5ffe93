import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Whitened } from '#main/dataset/normalise/whitened.ts'
import { pca } from '#main/dataset/normalise/pca.ts'
import { zca } from '#main/dataset/normalise/zca.ts'
import { pixelFilters, type Whitening } from '#shared/filters/pixelFilters.ts'
import { patchesInPixels, unwhiten } from '#shared/filters/unwhiten.ts'
import { createRandom } from '#shared/random/random.ts'

const n = 9
const m = 200

/** Patches of which neighbours are alike, as pixels are. */
function correlated(seed: number): Float32Array {
  const random = createRandom(seed)
  const patches = new Float32Array(m * n)
  for (let i = 0; i < patches.length; i++) {
    patches[i] = 0.7 * (i % n === 0 ? 0.5 : patches[i - 1]) + 0.3 * random.uniform()
  }
  return patches
}
const dot = (a: Float32Array, b: Float32Array, at = 0) =>
  a.reduce((sum, value, i) => sum + value * b[at + i], 0)

/** As a dataset keeps it. */
const kept = ({ whitening, whiteningStatistics: { mean } }: Whitened): Whitening => ({
  matrix: whitening,
  mean: mean === undefined ? null : Float32Array.from(mean),
})

const whitenings = {
  zca: (patches: Float32Array) => zca(patches, m, n, 0.01),
  pca: (patches: Float32Array) => pca(patches, m, n, 0.01, 0.9),
}

test.each(Object.entries(whitenings))(
  'what a unit over %s patches answers, its filter in pixels answers to the patches as they were',
  (_name, whiten) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n }),
        (seed, values) => {
          const weights = Float32Array.from(values)
          const before = correlated(seed)
          const after = before.slice()
          const whitening = kept(whiten(after))
          const pixels = pixelFilters(weights, whitening)
          for (let row = 0; row < m; row += 7) {
            expect(dot(pixels, before, row * n)).toBeCloseTo(dot(weights, after, row * n), 3)
          }
        },
      ),
      { numRuns: 40 },
    )
  },
)

test('no patch of pixels of norm 1 makes a unit more active than its filter in pixels', () => {
  const random = createRandom(3)
  const patches = correlated(2)
  const whitening = kept(zca(patches, m, n, 0.01))
  const weights = Float32Array.from({ length: n }, () => random.uniform() - 0.5)
  const answer = (patch: Float32Array) => {
    const norm = Math.hypot(...patch)
    const mean = patch.reduce((sum, value) => sum + value, 0) / n
    let sum = 0
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) sum += ((patch[i] - mean) / norm) * whitening.matrix[i * n + k] * weights[k]
    }
    return sum
  }
  const best = answer(pixelFilters(weights, whitening))
  for (let tried = 0; tried < 500; tried++) {
    expect(answer(Float32Array.from({ length: n }, () => random.uniform() - 0.5))).toBeLessThanOrEqual(
      best + 1e-6,
    )
  }
})

test('filters are turned one by one, and lose their mean', () => {
  const whitening = kept(zca(correlated(1), m, n, 0.01))
  const filters = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i))
  const both = pixelFilters(filters, whitening)
  expect(both.slice(n)).toEqual(pixelFilters(filters.slice(n), whitening))
  expect(both.slice(0, n).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4)
})

/** A patch less its mean. */
function meanFree(patch: Float32Array): number[] {
  const mean = patch.reduce((sum, value) => sum + value, 0) / patch.length
  return Array.from(patch, (value) => value - mean)
}
const rowOf = (patches: Float32Array, row: number) => patches.slice(row * n, (row + 1) * n)
/** (x − mean(x))·M */
const whiten = (patch: Float32Array, M: Float32Array) => {
  const free = meanFree(patch)
  return Float32Array.from({ length: n }, (_, k) =>
    free.reduce((sum, value, i) => sum + value * M[i * n + k], 0),
  )
}

test.each([
  ['zca', (patches: Float32Array) => zca(patches, m, n, 1e-4)],
  ['pca', (patches: Float32Array) => pca(patches, m, n, 1e-4, 1)],
])('a patch that %s whitened comes back, less its mean', (_name, whitened) => {
  const before = correlated(4)
  const after = before.slice()
  const whitening = kept(whitened(after))
  for (let row = 0; row < m; row += 7) {
    const expected = meanFree(rowOf(before, row))
    unwhiten(rowOf(after, row), whitening).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4))
  }
})

test('where whitening dropped directions, the patch that comes back is the nearest that was kept', () => {
  const patches = correlated(5)
  const after = patches.slice()
  const { whitening, whiteningStatistics } = pca(after, m, n, 0.01, 0.8)
  expect(whiteningStatistics.components).toBeLessThan(n - 1)
  const values = rowOf(after, 3)
  const patch = unwhiten(values, { matrix: whitening, mean: null })
  // Whitened again it is what it was, and nothing of it lies where nothing was kept.
  whiten(patch, whitening).forEach((value, i) => expect(value).toBeCloseTo(values[i], 4))
  expect(Math.hypot(...patch)).toBeLessThan(Math.hypot(...meanFree(rowOf(patches, 3))))
  expect(patch.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5)
})

test('what adds nothing in whitened space adds nothing in pixels', () => {
  const whitening = kept(zca(correlated(1), m, n, 0.01))
  expect([...unwhiten(new Float32Array(n), whitening)]).toEqual(Array.from({ length: n }, () => 0))
})

/** Of each value another mean, which no patch's own mean takes away. */
function coloured(seed: number): Float32Array {
  return correlated(seed).map((value, i) => value + 0.1 * (i % 3))
}

test.each([
  ['zca', (patches: Float32Array) => zca(patches, m, n, 1e-4, 'value')],
  ['pca', (patches: Float32Array) => pca(patches, m, n, 1e-4, 1, 'value')],
])('where %s removed the mean of each value, a patch comes back as it was, mean and all', (_name, whiten) => {
  const before = coloured(4)
  const after = before.slice()
  const whitening = kept(whiten(after))
  patchesInPixels(after, whitening).forEach((value, i) => expect(value).toBeCloseTo(before[i], 4))
  // A column of the decoder is what it adds: the mean is not in it.
  const [added, other] = [unwhiten(rowOf(after, 1), whitening), rowOf(before, 1)]
  added.forEach((value, i) => expect(value + whitening.mean![i]).toBeCloseTo(other[i], 4))
})

test('where the mean of each value was removed, a filter in pixels answers to brightness too', () => {
  const before = coloured(6)
  const after = before.slice()
  const whitening = kept(zca(after, m, n, 0.01, 'value'))
  const weights = Float32Array.from({ length: n }, (_, i) => Math.sin(i + 1))
  const pixels = pixelFilters(weights, whitening)
  for (let row = 0; row < m; row += 7) {
    const answer = dot(pixels, before, row * n) - dot(pixels, whitening.mean!)
    expect(answer).toBeCloseTo(dot(weights, after, row * n), 3)
  }
})

test('patches that lost their own means come back in pixels around 0', () => {
  const before = correlated(4)
  const after = before.slice()
  const whitening = kept(zca(after, m, n, 1e-4))
  const pixels = patchesInPixels(after, whitening)
  for (let row = 0; row < m; row += 7) {
    const expected = meanFree(rowOf(before, row))
    rowOf(pixels, row).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4))
  }
})
