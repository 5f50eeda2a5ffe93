import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  appendIterations,
  readRhoHat,
  readSeries,
  readSparklines,
  truncateIterations,
} from '#db/queries/iterations.ts'
import { getRun } from '#db/queries/runs.ts'
import { listSnapshots } from '#db/queries/snapshots.ts'
import { makeDataset, makeLibrary, makeRecord, makeRun } from './makeLibrary.ts'

describe('the series of a run', () => {
  test('comes back column by column, in order', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    appendIterations(library, id, [makeRecord(1), makeRecord(0)])
    appendIterations(library, id, [makeRecord(2, { rhoHat: Float32Array.of(0.5, 0, 0.25) })])
    const series = readSeries(library, id, -1)
    expect(series.count).toBe(3)
    expect(series.iteration).toEqual(Float64Array.of(0, 1, 2))
    expect(series.cost).toEqual(Float64Array.of(2.25, 1.25, 2 / 3 + 0.25))
    expect(series.evaluations).toEqual(Float64Array.of(1, 3, 5))
    expect([
      series.rhoHatMin[2],
      series.rhoHatLower[2],
      series.rhoHatMedian[2],
      series.rhoHatUpper[2],
      series.rhoHatMax[2],
      series.rhoHatMean[2],
    ]).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.25])
    expect(readSeries(library, id, 1).iteration).toEqual(Float64Array.of(2))
    expect(readSeries(library, id, 2).count).toBe(0)
    expect(readSeries(library, id, -1, 2).iteration).toEqual(Float64Array.of(0, 1))
  })

  test('keeps what is not a number, and infinity, apart', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const rhoHat = Float32Array.of(NaN, 0.1, 0.2)
    appendIterations(library, id, [
      makeRecord(0, { gradientNorm: NaN, cost: Infinity, sparsity: -Infinity, rhoHat }),
    ])
    const series = readSeries(library, id, -1)
    expect([series.gradientNorm[0], series.cost[0], series.sparsity[0]]).toEqual([NaN, Infinity, -Infinity])
    expect(series.rhoHatMedian[0]).toBeNaN()
    expect(readRhoHat(library, id, 0)?.rhoHat).toEqual(rhoHat)
    expect(getRun(library, id)).toMatchObject({ cost: Infinity, rhoHat: null })
  })

  test('has a validation curve where patches were held out, and nothing where none were', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    appendIterations(library, id, [makeRecord(0, { validation: 0.75 }), makeRecord(1, { validation: 0.5 })])
    expect(readSeries(library, id, -1).validation).toEqual(Float64Array.of(0.75, 0.5))
    expect(getRun(library, id).validation).toBe(0.5)
    const without = await makeRun(library, { iterations: 2 })
    expect(readSeries(library, without, -1).validation).toEqual(Float64Array.of(NaN, NaN))
    expect(getRun(library, without).validation).toBeNull()
  })

  test('takes an iteration twice without a copy, the last one counts', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 3 })
    appendIterations(library, id, [makeRecord(1, { cost: 7 })])
    expect(readSeries(library, id, -1).cost[1]).toBe(7)
    expect(readSeries(library, id, -1).count).toBe(3)
    expect(getRun(library, id).iterations).toBe(2)
  })

  test('of a run that is gone is refused; of no records changes nothing', () => {
    const library = makeLibrary()
    expect(() => appendIterations(library, 5, [makeRecord(0)])).toThrow(
      expect.objectContaining({ code: 'notFound' }),
    )
    expect(() => appendIterations(library, 5, [])).not.toThrow()
    expect(() => truncateIterations(library, 5, 0)).toThrow(expect.objectContaining({ code: 'notFound' }))
    expect(readSeries(library, 5, -1).count).toBe(0)
  })

  test('is added whole or not at all', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 1 })
    const broken = makeRecord(2, { evaluations: 1.5 })
    expect(() => appendIterations(library, id, [makeRecord(1), broken])).toThrow(/evaluations/)
    expect(readSeries(library, id, -1).count).toBe(1)
    expect(getRun(library, id).iterations).toBe(0)
  })
})

describe('dead units', () => {
  test.each([
    ['sigmoid', [0.0009, 0.001, 0.5]],
    // r = (1 + ρ̂)/2
    ['tanh', [-0.9985, -0.9979, 0.5]],
  ] as const)('of %s are those whose share of activity is below a tenth of ρ', async (activation, rhoHat) => {
    const library = makeLibrary()
    const id = await makeRun(library, { config: { activation, rho: 0.01 } })
    appendIterations(library, id, [makeRecord(0, { rhoHat: Float32Array.from(rhoHat) })])
    expect(getRun(library, id).deadUnits).toBe(1)
  })
})

describe('ρ̂ of every unit', () => {
  test('is that of the recorded iteration nearest to and not after', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    appendIterations(library, id, [makeRecord(2), makeRecord(5, { rhoHat: Float32Array.of(1, 2, 3) })])
    expect(readRhoHat(library, id, 1)).toBeNull()
    expect(readRhoHat(library, id, 4)?.iteration).toBe(2)
    expect(readRhoHat(library, id, 5)).toEqual({ iteration: 5, rhoHat: Float32Array.of(1, 2, 3) })
    expect(readRhoHat(library, id, Number.MAX_SAFE_INTEGER)?.iteration).toBe(5)
  })
})

describe('going back to a checkpoint', () => {
  test('forgets iterations and snapshots after it, and the summary follows', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 6, snapshots: [0, 2, 5] })
    const blobs = library.blobs.list().length
    truncateIterations(library, id, 3)
    expect(readSeries(library, id, -1).iteration).toEqual(Float64Array.of(0, 1, 2, 3))
    expect(readRhoHat(library, id, 9)?.iteration).toBe(3)
    expect(listSnapshots(library, id)).toEqual([{ iteration: 0 }, { iteration: 2 }])
    expect(library.blobs.list()).toHaveLength(blobs - 1)
    expect(getRun(library, id)).toMatchObject({ iterations: 3, cost: 0.75, evaluations: 7, elapsedMs: 30 })
    truncateIterations(library, id, -1)
    expect(getRun(library, id)).toMatchObject({
      iterations: 0,
      cost: null,
      rhoHat: null,
      deadUnits: null,
      elapsedMs: 0,
    })
    expect(listSnapshots(library, id)).toEqual([])
  })
})

describe('sparklines', () => {
  test('show the first and the last cost and at most so many between', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const long = await makeRun(library, { datasetId, iterations: 401 })
    const short = await makeRun(library, { datasetId, iterations: 3 })
    const none = await makeRun(library, { datasetId })
    const [first, second, ...rest] = readSparklines(library, [long, none, short, 99])
    expect(rest).toEqual([])
    expect(first.runId).toBe(long)
    expect(first.cost).toHaveLength(64)
    expect(first.cost[0]).toBe(2.25)
    expect(first.cost[63]).toBe(Math.fround(2 / 401 + 0.25))
    expect(second).toEqual({ runId: short, cost: Float32Array.of(2.25, 1.25, 2 / 3 + 0.25) })
  })

  test('of a run with one iteration, or with gaps, repeat nothing', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const one = await makeRun(library, { datasetId, iterations: 1 })
    const gaps = await makeRun(library, { datasetId })
    appendIterations(library, gaps, [
      makeRecord(0, { cost: 3 }),
      makeRecord(90, { cost: 2 }),
      makeRecord(100, { cost: NaN }),
    ])
    expect(readSparklines(library, [one, gaps]).map(({ cost }) => [...cost])).toEqual([[2.25], [3, 2, NaN]])
  })

  test('are never longer than asked for and are part of the series', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 2, max: 20 }),
        async (iterations, points) => {
          const id = await makeRun(library, { datasetId, iterations })
          const [{ cost }] = readSparklines(library, [id], points)
          const all = Float32Array.from(readSeries(library, id, -1).cost)
          expect(cost).toHaveLength(Math.min(iterations, points))
          expect(cost.every((value) => all.includes(value))).toBe(true)
          expect([cost[0], cost.at(-1)]).toEqual([cost.length > 1 ? all[0] : all.at(-1), all.at(-1)])
        },
      ),
      { numRuns: 30 },
    )
  })
})
