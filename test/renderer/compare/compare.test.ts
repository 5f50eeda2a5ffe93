import { describe, expect, it } from 'vitest'
import type { RunSummary } from '#shared/domain/run.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { comparedSettings, doDiffer } from '#shared/domain/usedSettings.ts'
import { worstLast } from '../../../renderer/composables/useReconstructions.ts'
import { compareSettings } from '../../../renderer/views/compare/differences.ts'
import { marksOf } from '../../../renderer/views/compare/marks.ts'
import { median, resultsAt } from '../../../renderer/views/compare/results.ts'
import { recentPace } from '../../../renderer/views/run/pace.ts'
import { evenly } from '../../../renderer/filters/paintReconstructions.ts'
import { IterationSeries } from '../../../renderer/stores/iterationSeries.ts'

const run = (config: Partial<RunConfig>): RunSummary => ({
  id: 1,
  name: 'run',
  status: 'finished',
  outcome: 'maxIterations',
  message: null,
  datasetId: 1,
  datasetName: 'photos',
  config: { ...defaultConfig, ...config },
  preset: null,
  sweepId: null,
  tags: [],
  createdAt: '2026-01-01T00:00:00Z',
  startedAt: null,
  endedAt: null,
  iterations: 400,
  cost: 0.2,
  reconstruction: 0.1,
  weightDecay: 0.06,
  sparsity: 0.004,
  validation: null,
  rhoHat: null,
  deadUnits: 0,
  evaluations: 410,
  elapsedMs: 1000,
  engine: null,
  hasCheckpoint: true,
  visible: 64,
  patchSize: 8,
  channels: 1,
  isArchived: false,
})

describe('what differs', () => {
  it('names the settings that differ, and marks the runs that differ from the first', () => {
    const { differing, same } = compareSettings([run({}), run({ seed: 2 }), run({ rho: 0.02, lambda: 3e-4 })])
    expect(differing).toEqual([
      {
        name: 'Sparsity target',
        symbol: 'rho',
        values: ['0.01', '0.01', '0.02'],
        differs: [false, false, true],
      },
      {
        name: 'Weight decay',
        symbol: 'lambda',
        values: ['1e−4', '1e−4', '3e−4'],
        differs: [false, false, true],
      },
      { name: 'Seed', symbol: undefined, values: ['1', '2', '1'], differs: [false, true, false] },
    ])
    expect(same.map((row) => row.name)).toContain('Hidden units')
    expect(same.map((row) => row.name)).not.toContain('Batch')
  })

  it('shows a setting that only one optimiser has as missing in the other', () => {
    const { differing } = compareSettings([run({}), run({ optimiser: 'adam' })])
    expect(differing.find((row) => row.name === 'Learning rate')?.values).toEqual(['–', '1e−3'])
    expect(differing.find((row) => row.name === 'History')?.values).toEqual([
      String(defaultConfig.history),
      '–',
    ])
  })
})

it('compares nothing while no run is read yet', () => {
  expect(compareSettings([])).toEqual({ differing: [], same: [] })
})

describe('the comparison in the window and that of the command line', () => {
  const cosine = { optimiser: 'adam', schedule: 'cosine', finalShare: 0.1 } as const
  const runs = [
    run({ optimiser: 'adam' }),
    run(cosine),
    run({ optimiser: 'sgd', schedule: 'step', decayEvery: 50, decayFactor: 0.25, validation: 0.2 }),
  ]

  it('forget no setting: schedule, decays, final share and validation share too', () => {
    const { differing } = compareSettings(runs)
    expect(Object.fromEntries(differing.map(({ name, values }) => [name, values]))).toEqual({
      Optimiser: ['Adam', 'Adam', 'SGD'],
      Schedule: ['constant', 'cosine', 'step'],
      'Epochs between decays': ['–', '–', '50'],
      'Decay factor': ['–', '–', '0.25'],
      'Final share': ['–', '0.1', '–'],
      Momentum: ['–', '–', '0.9'],
      'Validation share': ['0', '0', '0.2'],
    })
  })

  it('name the same settings', () => {
    const rows = comparedSettings(runs)
    expect(rows.filter(doDiffer).map(({ setting }) => setting)).toEqual([
      'optimiser',
      'schedule',
      'decayEvery',
      'decayFactor',
      'finalShare',
      'momentum',
      'validation',
    ])
    const { differing, same } = compareSettings(runs)
    expect(differing.length + same.length).toBe(rows.length + 1) // and the size of patches
  })
})

describe('results at the cursor', () => {
  const series = new IterationSeries()
  series.addRecords(
    [0, 1, 2].map((iteration) => ({
      iteration,
      cost: 10 - iteration,
      reconstruction: 1,
      weightDecay: 1,
      sparsity: 1,
      validation: null,
      gradientNorm: 1,
      stepLength: 1,
      evaluations: 1,
      elapsedMs: 100 * iteration,
      rhoHat: Float32Array.of(-0.5),
    })),
  )

  it('are those of the last iteration up to it, by iteration or by time', () => {
    expect(resultsAt(series.view(), 'iteration', 1.9, defaultConfig)).toMatchObject({ iteration: 1, cost: 9 })
    expect(resultsAt(series.view(), 'elapsedMs', 150, defaultConfig)).toMatchObject({
      iteration: 1,
      elapsedMs: 100,
    })
    expect(resultsAt(series.view(), 'iteration', 400, defaultConfig)).toMatchObject({ iteration: 2 })
    expect(resultsAt(series.view(), 'iteration', -1, defaultConfig)).toBeNull()
  })

  it('give ρ̂ of tanh units as a share of active, which the target is too', () => {
    expect(
      resultsAt(series.view(), 'iteration', 2, { ...defaultConfig, activation: 'tanh' })?.rhoHatMean,
    ).toBe(0.25)
  })

  it('know the pace of the last iterations', () => {
    expect(recentPace(series.view())).toBe(10)
    expect(recentPace(new IterationSeries().view())).toBeNull()
  })

  it('know the middle weight norm', () => {
    expect(median(Float32Array.of(5, 1, 3))).toBe(3)
    expect(median(Float32Array.of(4, 1, 2, 3))).toBe(2.5)
  })
})

describe('letters of compared runs', () => {
  it('are those of the selection, and free ones for runs that are no longer selected', () => {
    const selected = new Map([[12, { runId: 12, slot: 1, letter: 'B', series: 2 }]])
    expect(marksOf([11, 12, 13], (id) => selected.get(id))).toEqual([
      { runId: 11, letter: 'A', series: 1 },
      { runId: 12, letter: 'B', series: 2 },
      { runId: 13, letter: 'C', series: 3 },
    ])
  })

  it('never share a colour, though the selection has more runs than colours', () => {
    const slots = new Map([
      [1, { runId: 1, slot: 0, letter: 'A', series: 1 }],
      [9, { runId: 9, slot: 8, letter: 'I', series: 1 }],
    ])
    const marks = marksOf([1, 9], (id) => slots.get(id))
    expect(new Set(marks.map((mark) => mark.series)).size).toBe(2)
    expect(new Set(marks.map((mark) => mark.letter)).size).toBe(2)
  })

  it('are eight at most', () => {
    expect(marksOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 9], () => undefined)).toHaveLength(8)
  })
})

describe('reconstructions', () => {
  it('go from the smallest to the largest error, patch and output together', () => {
    const sorted = worstLast({
      count: 3,
      patches: Float32Array.of(1, 1, 2, 2, 3, 3),
      outputs: Float32Array.of(1, 4, 2, 2, 3, 4),
    })
    expect([...sorted.patches]).toEqual([2, 2, 3, 3, 1, 1])
    expect([...sorted.outputs]).toEqual([2, 2, 3, 4, 1, 4])
  })

  it('show the best and the worst where there is room for few', () => {
    expect(evenly(24, 4)).toEqual([0, 8, 15, 23])
    expect(evenly(24, 1)).toEqual([23])
    expect(evenly(3, 3)).toEqual([0, 1, 2])
    expect(evenly(0, 0)).toEqual([])
  })
})
