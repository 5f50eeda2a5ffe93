import { describe, expect, it } from 'vitest'
import {
  mapCellAt,
  mapCellFrom,
  mapEndOf,
  mapPlaceOf,
  mapRangeBetween,
  type RhoHatMapChart,
} from '../../../renderer/charts/paintRhoHatMap.ts'
import { xAxis } from '../../../renderer/charts/xAxis.ts'
import { IterationSeries } from '../../../renderer/stores/iterationSeries.ts'

const series = new IterationSeries()
series.addRecords(
  Array.from({ length: 101 }, (_, iteration) => ({
    iteration,
    cost: 1,
    reconstruction: 1,
    weightDecay: 0,
    sparsity: 0,
    validation: null,
    gradientNorm: 1,
    stepLength: 1,
    evaluations: 1 + 2 * iteration,
    elapsedMs: 10 * iteration,
    rhoHat: Float32Array.of(0.1, 0.2, 0.3),
  })),
)
const columns = series.view()
const size = { width: 452, height: 328 } // The plot: 400 × 300 from (48, 6).

const chart = (over: Partial<RhoHatMapChart> = {}): RhoHatMapChart => ({
  theme: { colours: {} as RhoHatMapChart['theme']['colours'], font: '', mathFont: '' },
  map: { iteration: columns.iteration, hidden: 3, rhoHat: new Float32Array(303).fill(0.1) },
  order: [2, 0, 1],
  axis: xAxis('iteration', 'linear', [{ columns, planned: 200 }]),
  range: null,
  xs: Float64Array.from(columns.iteration),
  activation: 'sigmoid',
  rho: 0.1,
  isDark: false,
  ...over,
})

describe('the map of average activations', () => {
  it('knows the unit of a row and the iteration of a column, and nothing where none is recorded yet', () => {
    expect(mapCellAt(chart(), size, 48 + 100, 6 + 150)).toEqual({ unit: 0, at: 50 })
    expect(mapCellAt(chart(), size, 48 + 200, 6 + 290)).toEqual({ unit: 1, at: 100 })
    expect(mapCellAt(chart(), size, 48 + 210, 6 + 150)).toBeNull()
    expect(mapCellAt(chart(), size, 20, 6 + 150)).toBeNull()
  })

  it('knows the part of the axis between two places, however it was marked, within what is shown', () => {
    const marked = mapRangeBetween(chart(), size, 48 + 100, 48 + 50)
    expect(marked).toEqual({ range: { min: 25, max: 50 }, left: 98, width: 50, top: 6, height: 300 })
    const zoomed = chart({ range: { min: 40, max: 60 } })
    expect(mapRangeBetween(zoomed, size, 48 + 200, 9_999)?.range).toEqual({ min: 50, max: 60 })
    expect(mapRangeBetween(zoomed, size, 0, 40)).toBeNull()
  })

  it('shows the part that the charts around show', () => {
    const zoomed = chart({ range: { min: 40, max: 60 } })
    expect(mapCellAt(zoomed, size, 48 + 200, 7)).toEqual({ unit: 2, at: 50 })
    expect(mapPlaceOf(zoomed, size, { unit: 2, at: 50 })).toMatchObject({ x: 248, top: 6, isShown: true })
    expect(mapPlaceOf(zoomed, size, { unit: 2, at: 80 }).isShown).toBe(false)
    expect(mapEndOf(zoomed, 1, 'first')).toEqual({ unit: 1, at: 40 })
    expect(mapEndOf(zoomed, 1, 'last')).toEqual({ unit: 1, at: 60 })
  })

  it('lies over training time as it does over iterations', () => {
    const axis = xAxis('elapsedMs', 'linear', [{ columns, planned: 200 }])
    const timed = chart({ axis, xs: Float64Array.from(columns.elapsedMs) })
    const x = 48 + (500 / axis.max) * 400
    expect(mapCellAt(timed, size, x + 0.5, 7)).toEqual({ unit: 2, at: 50 })
    expect(mapPlaceOf(timed, size, { unit: 2, at: 50 }).x).toBeCloseTo(x, 9)
  })

  it('is walked by keys: row by row, and over columns that can be told apart', () => {
    const log = chart({ axis: xAxis('iteration', 'log', [{ columns, planned: 200 }]) })
    expect(mapCellFrom(log, size, { unit: 0, at: 9 }, { rows: 1 })).toEqual({ unit: 1, at: 9 })
    expect(mapCellFrom(log, size, { unit: 1, at: 9 }, { rows: 5 })).toEqual({ unit: 1, at: 9 })
    expect(mapCellFrom(log, size, { unit: 1, at: 2 }, { columns: 1 }).at).toBe(3)
    const far = mapCellFrom(log, size, { unit: 1, at: 60 }, { columns: 1 })
    const apart = mapPlaceOf(log, size, far).x - mapPlaceOf(log, size, { unit: 1, at: 60 }).x
    expect(apart).toBeGreaterThanOrEqual(2)
    expect(far.at).toBeGreaterThan(61)
    expect(mapCellFrom(log, size, { unit: 1, at: 100 }, { columns: 1 }).at).toBe(100)
  })
})
