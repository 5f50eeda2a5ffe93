import { expect, test } from 'vitest'
import { answer } from '#main/analysis/answer.ts'
import { varianceExplained } from '#shared/model/varianceExplained.ts'
import { makeDataset, makeLibrary } from '../db/makeLibrary.ts'

test('the variance of patches is their mean squared distance from the mean patch, over all values', async () => {
  const library = makeLibrary()
  // Every value has a mean of its own: 1, 10 and a constant.
  const patches = Float32Array.of(0, 8, 5, 2, 12, 5)
  const id = await makeDataset(library, { patches, m: 2, n: 3, patchSize: null })
  expect(answer(library, 'patchVariance', [id])).toBe(1 + 4 + 0)
})

test('of the variance a network explains what its squared error leaves', () => {
  expect(varianceExplained(0, 5)).toBe(1)
  // The mean patch as the output for every patch: ½ of the variance is the cost, nothing is explained.
  expect(varianceExplained(2.5, 5)).toBe(0)
  expect(varianceExplained(1.25, 5)).toBe(0.5)
  expect(varianceExplained(0, 0)).toBeNaN()
})
