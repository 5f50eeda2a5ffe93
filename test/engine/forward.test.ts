import { expect, it } from 'vitest'
import { forward } from '#main/engine/forward.ts'
import { weightsFromTheta } from '#shared/model/theta.ts'
import { fixtureCases } from './fixtureCases.ts'
import { largestDifference } from './problem.ts'

it.each(fixtureCases)('reconstructions have the error that the cost counts: $name', (known) => {
  const { size, m, hyper, patches, theta } = known
  const { activations, reconstructions } = forward(weightsFromTheta(theta, size), hyper, patches, m)
  let squaredError = 0
  for (let i = 0; i < patches.length; i++) squaredError += (reconstructions[i] - patches[i]) ** 2
  expect(squaredError / (2 * m)).toBeCloseTo(known.parts.reconstruction, 6)
  const mean = known.rhoHat.map((_, j) => {
    let sum = 0
    for (let i = 0; i < m; i++) sum += activations[i * size.h + j]
    return sum / m
  })
  expect(largestDifference(mean, known.rhoHat)).toBeLessThan(1e-6)
})

it('takes the first patches and refuses too few', () => {
  const { size, m, hyper, patches, theta } = fixtureCases[0]
  const weights = weightsFromTheta(theta, size)
  const all = forward(weights, hyper, patches, m)
  const two = forward(weights, hyper, patches, 2)
  expect(two.reconstructions).toEqual(all.reconstructions.slice(0, 2 * size.n))
  expect(() => forward(weights, hyper, patches, m + 1)).toThrow(/patches of 6 pixels/)
})
