import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IterationRecord } from '#shared/domain/run.ts'
import { IterationSeries } from '../../../renderer/stores/iterationSeries.ts'

const record = (iteration: number, cost = iteration): IterationRecord => ({
  iteration,
  cost,
  reconstruction: cost / 2,
  weightDecay: cost / 4,
  sparsity: cost / 4,
  validation: null,
  gradientNorm: NaN,
  stepLength: 1,
  evaluations: iteration + 1,
  elapsedMs: 10 * iteration,
  rhoHat: Float32Array.of(0.5, 0.1, 0.3),
})

const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i))

describe('the iterations of a run', () => {
  it('are the same columns whether they came live or from the library', () => {
    const live = new IterationSeries()
    live.addRecords(records(0, 700))
    const stored = new IterationSeries()
    stored.addColumns(live.view())
    expect(stored.view()).toEqual(live.view())
    expect(live.view().count).toBe(700)
    expect(live.view().cost).toHaveLength(700)
    expect(live.view().cost[699]).toBe(699)
  })

  it('have the quantiles of ρ̂ over the hidden units', () => {
    const series = new IterationSeries()
    series.addRecords([record(0)])
    const { rhoHatMin, rhoHatMedian, rhoHatMax, rhoHatMean } = series.view()
    expect([rhoHatMin[0], rhoHatMedian[0], rhoHatMax[0], rhoHatMean[0]]).toEqual([
      Math.fround(0.1),
      Math.fround(0.3),
      0.5,
      expect.closeTo(0.3, 6),
    ])
  })

  it('stand in order and once each, however library and port overlap', () => {
    const chunk = fc.tuple(fc.nat(60), fc.nat(30)).map(([from, count]) => records(from, from + count))
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 12 }), (chunks) => {
        const series = new IterationSeries()
        for (const part of chunks) series.addRecords(part)
        const all = [...new Set(chunks.flat().map((r) => r.iteration))].sort((a, b) => a - b)
        expect([...series.view().iteration]).toEqual(all)
        expect([...series.view().cost]).toEqual(all)
        expect(series.last).toBe(all.at(-1) ?? -1)
      }),
    )
  })

  it('take the newer row where a resumed run repeats what came after its checkpoint', () => {
    const series = new IterationSeries()
    series.addRecords(records(0, 10))
    series.addRecords([record(7, 70), record(8, 80)])
    expect(Array.from(series.view().cost.subarray(6))).toEqual([6, 70, 80, 9])
  })

  it('say where the first gap is, so that it can be fetched', () => {
    const series = new IterationSeries()
    expect(series.lastWithoutGap).toBe(-1)
    series.addRecords(records(1, 5))
    expect(series.lastWithoutGap).toBe(4)
    series.addRecords(records(9, 12))
    expect(series.lastWithoutGap).toBe(4)
    series.addRecords(records(5, 9))
    expect(series.lastWithoutGap).toBe(11)
    const late = new IterationSeries()
    late.addRecords(records(30, 40))
    expect(late.lastWithoutGap).toBe(-1)
  })
})
