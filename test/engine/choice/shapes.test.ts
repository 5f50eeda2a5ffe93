import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countListed } from '#main/engine/choice/processor.ts'
import { shapeClass } from '#main/engine/choice/shapeClass.ts'
import { sampleShape } from '#main/engine/choice/timeWork.ts'
import { settings } from '../problem.ts'

const shapes = fc.record({
  m: fc.integer({ min: 1, max: 1_000_000 }),
  n: fc.integer({ min: 1, max: 10_000 }),
  h: fc.integer({ min: 1, max: 10_000 }),
  batch: fc.integer({ min: 1, max: 100_000 }),
})

describe('the sample that is measured', () => {
  it.each(['lbfgs', 'adam'] as const)(
    'for %s is a part of the shape, and has work for a batch',
    (optimiser) =>
      fc.assert(
        fc.property(shapes, fc.constantFrom(2e9, 5e10), (given, flops) => {
          const shape = { ...given, batch: Math.min(given.batch, given.m) }
          const { m, n, h, batch } = sampleShape(shape, { ...settings, optimiser }, flops)
          expect({ n, h }).toEqual({ n: shape.n, h: shape.h })
          expect(m).toBeGreaterThanOrEqual(batch)
          expect(m).toBeLessThanOrEqual(shape.m)
          expect(batch).toBeGreaterThan(0)
          if (optimiser === 'adam') expect(batch).toBe(shape.batch)
        }),
      ),
  )
})

it('shapes of one class are alike; a batch is another class than all patches', () => {
  const shape = { m: 10_000, n: 64, h: 25, batch: 256 }
  expect(shapeClass({ ...shape, m: 9_500, h: 30 }, 'lbfgs')).toBe(shapeClass(shape, 'lbfgs'))
  expect(shapeClass({ ...shape, m: 40_000 }, 'lbfgs')).not.toBe(shapeClass(shape, 'lbfgs'))
  expect(shapeClass({ ...shape, m: 40_000 }, 'adam')).toBe(shapeClass(shape, 'sgd'))
  expect(shapeClass(shape, 'adam')).not.toBe(shapeClass(shape, 'lbfgs'))
})

it.each([
  ['0', 1],
  ['0,4\n', 2],
  ['0-1', 2],
  ['0-3,8-11', 8],
  ['', 1],
  ['what', 1],
])('the list of threads %j of a core counts %i', (list, count) => {
  expect(countListed(list)).toBe(count)
})
