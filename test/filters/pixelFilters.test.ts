import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pca } from '#main/dataset/normalise/pca.ts'
import { zca } from '#main/dataset/normalise/zca.ts'
import { pixelFilters } from '#shared/filters/pixelFilters.ts'
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
          const { whitening } = whiten(after)
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
  const { whitening } = zca(patches, m, n, 0.01)
  const weights = Float32Array.from({ length: n }, () => random.uniform() - 0.5)
  const answer = (patch: Float32Array) => {
    const norm = Math.hypot(...patch)
    const mean = patch.reduce((sum, value) => sum + value, 0) / n
    let sum = 0
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) sum += ((patch[i] - mean) / norm) * whitening[i * n + k] * weights[k]
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
  const { whitening } = zca(correlated(1), m, n, 0.01)
  const filters = Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i))
  const both = pixelFilters(filters, whitening)
  expect(both.slice(n)).toEqual(pixelFilters(filters.slice(n), whitening))
  expect(both.slice(0, n).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4)
})
