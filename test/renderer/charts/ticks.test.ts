import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { iterationTicks, linearTicks, logTicks, niceStep } from '../../../renderer/charts/ticks.ts'

describe('labels of a log axis', () => {
  it('are one a decade where that is what fits', () => {
    expect(logTicks(1e-4, 100, 210, 28).labelled).toEqual([1e-4, 1e-3, 0.01, 0.1, 1, 10, 100])
  })

  it('are 1-3 over two decades and 1-2-5 where there is more room', () => {
    expect(logTicks(0.01, 1, 172, 28).labelled).toEqual([0.01, 0.03, 0.1, 0.3, 1])
    expect(logTicks(0.2, 20, 260, 28).labelled).toEqual([0.2, 0.5, 1, 2, 5, 10, 20])
  })

  it('skip decades over a very long range instead of running into each other', () => {
    const { labelled } = logTicks(1e-12, 1, 100, 28)
    expect(labelled.length).toBeLessThanOrEqual(5)
    expect(labelled).toContain(1)
  })

  it('stay inside the axis and never overlap', () => {
    const exponent = fc.double({ min: -12, max: 12, noNaN: true })
    fc.assert(
      fc.property(
        exponent,
        fc.double({ min: 0.05, max: 15, noNaN: true }),
        fc.integer({ min: 60, max: 800 }),
        (low, decades, length) => {
          const [min, max] = [10 ** low, 10 ** (low + decades)]
          const { labelled } = logTicks(min, max, length, 28)
          const at = labelled.map((value) => (Math.log10(value / min) / decades) * length)
          expect(at.every((pixel) => pixel >= -0.001 && pixel <= length + 0.001)).toBe(true)
          at.slice(1).forEach((pixel, i) => expect(pixel - at[i]).toBeGreaterThanOrEqual(20))
        },
      ),
    )
  })
})

describe('labels of the iteration axis', () => {
  it.each(['log', 'linear'] as const)('always name the last planned iteration (%s)', (scale) => {
    for (const last of [2, 10, 60, 400, 12_345, 1_000_000]) {
      expect(iterationTicks(scale, last, 370).labelled.at(-1)).toBe(last)
    }
  })

  it('are decades and the end, as a person reads a log axis', () => {
    expect(iterationTicks('log', 400, 370).labelled).toEqual([1, 10, 100, 400])
    expect(iterationTicks('linear', 400, 370).labelled).toEqual([0, 100, 200, 300, 400])
  })

  it('leave out a label that would touch the last', () => {
    expect(iterationTicks('log', 110, 370).labelled).not.toContain(100)
  })
})

describe('linear steps', () => {
  it('are 1, 2 or 5 times a power of ten', () => {
    expect([0.03, 1, 1.1, 4, 6, 700].map(niceStep)).toEqual([0.05, 1, 2, 5, 10, 1000])
  })

  it('give labels without digits from rounding', () => {
    expect(linearTicks(0, 0.6, 200, 28).labelled.map(String)).toEqual([
      '0',
      '0.1',
      '0.2',
      '0.3',
      '0.4',
      '0.5',
      '0.6',
    ])
  })
})
