import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDivergenceWatch } from '#main/session/divergence.ts'

const watching = (costs: number[], optimiser: 'lbfgs' | 'adam' | 'sgd' = 'sgd') => {
  const watch = createDivergenceWatch(optimiser, null)
  costs.forEach((cost) => watch.add(cost))
  return watch
}

describe('a cost that rises without end', () => {
  test('is one above ten times the best and above the start, five epochs in a row', () => {
    const risen = [2, 1, 11, 12, 13, 14]
    expect(watching(risen).hasDiverged()).toBe(false)
    expect(watching([...risen, 15]).hasDiverged()).toBe(true)
    expect(watching([...risen, 9, 15]).hasDiverged()).toBe(false)
  })

  test('is none that only climbs back to where it began, however low it had been', () => {
    expect(watching([50, 0.1, 49, 49, 49, 49, 49, 49]).hasDiverged()).toBe(false)
  })

  test('is none of L-BFGS, whose steps are looked at before they are taken', () => {
    expect(watching([1, ...Array.from({ length: 9 }, () => 1e9)], 'lbfgs').hasDiverged()).toBe(false)
  })

  test('is found by a resumed run where the uninterrupted one finds it', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1e3, noNaN: true })), fc.nat(), (costs, cut) => {
        const at = cut % (costs.length + 1)
        const resumed = createDivergenceWatch('adam', watching(costs.slice(0, at), 'adam').state())
        costs.slice(at).forEach((cost) => resumed.add(cost))
        expect(resumed.state()).toEqual(watching(costs, 'adam').state())
      }),
    )
  })
})
