import { describe, expect, it } from 'vitest'
import { changeRange } from '../../../renderer/charts/changeRange.ts'
import { smooth } from '../../../renderer/charts/smooth.ts'
import { iterationAtX, xAxis, xOfIteration } from '../../../renderer/charts/xAxis.ts'
import { formatCsv } from '../../../renderer/format/csv.ts'
import { IterationSeries } from '../../../renderer/stores/iterationSeries.ts'

const series = new IterationSeries()
series.addRecords(
  [0, 1, 2, 3].map((iteration) => ({
    iteration,
    cost: 1,
    reconstruction: 1,
    weightDecay: 0,
    sparsity: 0,
    validation: null,
    gradientNorm: 1,
    stepLength: 1,
    evaluations: 1 + 3 * iteration,
    elapsedMs: 1_000 * iteration,
    rhoHat: Float32Array.of(0.1),
  })),
)
const columns = series.view()

describe('smoothing', () => {
  it('of a constant is that constant from the first value on, and 0 leaves all as it is', () => {
    const flat = Float64Array.of(5, 5, 5)
    for (const value of smooth(flat, 0.9)) expect(value).toBeCloseTo(5, 12)
    expect(smooth(flat, 0)).toBe(flat)
  })

  it('is the weighted mean of what came before, newest heaviest', () => {
    const [first, second] = smooth(Float64Array.of(1, 4), 0.5)
    expect(first).toBeCloseTo(1, 12)
    // (0.25 · 1 + 0.5 · 4) / 0.75
    expect(second).toBeCloseTo(3, 12)
  })

  it('goes on after a value that is not a number', () => {
    expect([...smooth(Float64Array.of(2, NaN, 2), 0.9)].map((value) => Number(value.toFixed(9)))).toEqual([
      2,
      NaN,
      2,
    ])
  })
})

describe('the horizontal axis', () => {
  it('leads from an iteration to time and evaluations and back', () => {
    for (const quantity of ['iteration', 'elapsedMs', 'evaluations'] as const) {
      const x = xOfIteration(columns, quantity, 2)
      expect(x).toBe({ iteration: 2, elapsedMs: 2_000, evaluations: 7 }[quantity])
      expect(iterationAtX(columns, quantity, x ?? NaN)).toBe(2)
    }
    expect(xOfIteration(new IterationSeries().view(), 'elapsedMs', 2)).toBeNull()
  })

  it('names whole iterations in whatever part is shown', () => {
    const axis = xAxis('iteration', 'log', [{ columns, planned: 400 }])
    expect(axis.ticks(400, axis).labelled).toContain(400)
    expect(axis.ticks(400, { min: 97.3, max: 101.2 }).labelled).toEqual([98, 99, 100, 101])
  })

  it('labels time in the unit that suits it', () => {
    const axis = xAxis('elapsedMs', 'linear', [{ columns, planned: 400 }])
    expect(axis.ticks(400, axis).labelled.map(axis.label)).toEqual([
      '0',
      '500 ms',
      '1 s',
      '1.5 s',
      '2 s',
      '2.5 s',
      '3 s',
    ])
  })
})

describe('zooming by keys', () => {
  const axis = { scale: 'linear', min: 0, max: 100 } as const

  it('narrows about the middle, and widens to all', () => {
    const half = changeRange(axis, null, { factor: 0.5 })
    expect(half).toEqual({ min: 25, max: 75 })
    expect(changeRange(axis, half, { factor: 2 })).toBeNull()
  })

  it('never leaves the axis', () => {
    expect(changeRange(axis, { min: 70, max: 90 }, { move: 5 })).toEqual({ min: 80, max: 100 })
    expect(changeRange(axis, { min: 70, max: 90 }, { factor: 3 })).toEqual({ min: 40, max: 100 })
  })

  it('halves a logarithmic axis by its decades', () => {
    const range = changeRange({ scale: 'log', min: 1, max: 10_000 }, null, { factor: 0.5 })
    expect(range?.min).toBeCloseTo(10, 9)
    expect(range?.max).toBeCloseTo(1000, 9)
  })
})

it('numbers go to CSV in full, words quoted where they must be, gaps empty', () => {
  expect(
    formatCsv({ head: ['iteration', 'cost, all'], columns: [[1, 2], Float64Array.of(0.1 + 0.2, NaN)] }),
  ).toBe('iteration,"cost, all"\r\n1,0.30000000000000004\r\n2,\r\n')
})
