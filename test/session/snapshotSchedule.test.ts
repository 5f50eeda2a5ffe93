import fc from 'fast-check'
import { expect, it } from 'vitest'
import { snapshotSchedule } from '#main/session/snapshotSchedule.ts'

it('keeps the first and the last iteration, in order, and never more than fit a slider', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (iterations) => {
      const kept = snapshotSchedule(iterations)
      expect(kept[0]).toBe(0)
      expect(kept.at(-1)).toBe(iterations)
      expect(kept.length).toBeLessThanOrEqual(42)
      for (let i = 1; i < kept.length; i++) expect(kept[i]).toBeGreaterThan(kept[i - 1])
    }),
  )
})

it('looks often at the start, where filters change fastest', () => {
  const kept = snapshotSchedule(400)
  expect(kept.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5])
  expect(kept.length).toBeGreaterThan(25)
})
