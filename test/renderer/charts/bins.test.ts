import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binOf, binValues } from '../../../renderer/charts/bins.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })

describe('the histogram of units by average activation', () => {
  it('counts every unit once, in the bin that marks it', () => {
    fc.assert(
      fc.property(fc.array(share, { minLength: 1, maxLength: 300 }), fc.option(share), (values, target) => {
        const bins = binValues(values, target)
        expect(bins.counts.reduce((a, b) => a + b)).toBe(values.length)
        expect(bins.counts.length).toBeLessThanOrEqual(40)
        for (const value of values) {
          const low = bins.min + binOf(bins, value) * bins.width
          expect(value).toBeGreaterThanOrEqual(low - 1e-5 * bins.width)
          expect(value).toBeLessThanOrEqual(low + bins.width * (1 + 1e-5))
        }
        if (target !== null) {
          expect(target).toBeGreaterThanOrEqual(bins.min)
          expect(target).toBeLessThanOrEqual(bins.min + bins.width * bins.counts.length)
        }
      }),
    )
  })

  it('does not spread units that agree over the whole chart', () => {
    const { counts } = binValues([0.0100001, 0.0100002, 0.0100003], 0.01)
    expect(counts.filter((count) => count > 0)).toEqual([3])
  })

  it('leaves out units of a run that diverged', () => {
    expect(binValues([NaN, NaN], null).counts).toEqual([0])
    expect(binValues([NaN, 0.5], null).counts.reduce((a, b) => a + b)).toBe(1)
  })
})
