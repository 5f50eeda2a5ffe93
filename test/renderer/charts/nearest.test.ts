import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstIndexFrom, lastIndexUpTo, nearestIndex } from '../../../renderer/charts/nearest.ts'

const ascending = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 40 })
  .map((values) => values.sort((a, b) => a - b))
const x = fc.double({ min: -60, max: 60, noNaN: true })

it('the cursor stands on the iteration nearest to the pointer', () => {
  fc.assert(
    fc.property(ascending, x, (values, at) => {
      const i = nearestIndex(values, at)
      const least = Math.min(...values.map((value) => Math.abs(value - at)))
      expect(values.length === 0 ? i : Math.abs(values[i] - at)).toBe(values.length === 0 ? -1 : least)
    }),
  )
})

it('results are those of the last iteration up to the cursor, never of a later one', () => {
  fc.assert(
    fc.property(ascending, x, (values, at) => {
      expect(lastIndexUpTo(values, at)).toBe(values.findLastIndex((value) => value <= at))
      const first = values.findIndex((value) => value >= at)
      expect(firstIndexFrom(values, at)).toBe(first < 0 ? values.length : first)
    }),
  )
})
