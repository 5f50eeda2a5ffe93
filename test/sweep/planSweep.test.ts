import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { planSweep } from '#shared/domain/planSweep.ts'
import { defaultConfig, runConfigSchema } from '#shared/domain/runConfig.ts'
import { sweepSchema, type Sweep, type SweepAxis } from '#shared/domain/sweep.ts'
import { makeSweep } from './makeSweep.ts'

const configsOf = (sweep: Sweep) => planSweep(sweep).map(({ config }) => config)

const axis = (parameter: SweepAxis['parameter'], ...values: (number | string)[]): SweepAxis => ({
  parameter,
  values: { kind: 'list', values },
})

const range = (
  parameter: SweepAxis['parameter'],
  kind: 'linear' | 'log',
  from: number,
  to: number,
  steps: number,
): SweepAxis => ({ parameter, values: { kind, from, to, steps } })

describe('a grid', () => {
  test('is every combination, the last axis varying fastest, all else as in the base', () => {
    const runs = configsOf(makeSweep())
    expect(runs.map(({ rho, hidden }) => [rho, hidden])).toEqual([
      [0.01, 25],
      [0.01, 50],
      [0.05, 25],
      [0.05, 50],
    ])
    for (const run of runs) expect({ ...run, rho: 0.01, hidden: 25 }).toEqual(defaultConfig)
  })

  test('runs each configuration from as many seeds as asked, one after the other', () => {
    const seeds = configsOf(makeSweep({ repeats: 3, base: { ...defaultConfig, seed: 7 } })).map(
      ({ seed }) => seed,
    )
    expect(seeds).toEqual([7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9])
  })

  test.each<[string, SweepAxis, number[]]>([
    ['a linear range has both ends', range('hidden', 'linear', 10, 50, 5), [10, 20, 30, 40, 50]],
    ['whole numbers are rounded, each once', range('hidden', 'linear', 1, 3, 5), [1, 2, 3]],
    [
      'a logarithmic range multiplies',
      range('lambda', 'log', 1e-5, 1e-3, 5),
      [1e-5, 3.162e-5, 1e-4, 3.162e-4, 1e-3],
    ],
  ])('%s', (_, axis, values) => {
    const runs = configsOf(makeSweep({ axes: [axis] }))
    expect(runs.map((run) => run[axis.parameter as 'hidden'])).toEqual(values)
  })

  test('leaves out what differs only in a setting that the optimiser does not use', () => {
    const axes = [axis('optimiser', 'lbfgs', 'adam'), axis('learningRate', 0.1, 0.01)]
    const runs = configsOf(makeSweep({ axes })).map(({ optimiser, learningRate }) => [
      optimiser,
      learningRate,
    ])
    expect(runs).toEqual([
      ['lbfgs', 0.1],
      ['adam', 0.1],
      ['adam', 0.01],
    ])
  })
})

test('settings that do not go together are refused in their own words, and only where they meet', () => {
  const axes = [axis('activation', 'sigmoid', 'tanh'), axis('penalty', 'kl', 'l1')]
  expect(() => planSweep(makeSweep({ axes }))).toThrow(/^Penalty l1 is for units that are inactive at 0/)
  const base = { ...defaultConfig, penalty: 'l1' } as const
  const moved = [axis('activation', 'tanh'), axis('penalty', 'kl', 'none')]
  expect(configsOf(makeSweep({ base, axes: moved })).map(({ penalty }) => penalty)).toEqual(['kl', 'none'])
})

test('datasets vary like any setting: every configuration is run on each of them', () => {
  const axes = [axis('dataset', 7, 3), axis('rho', 0.1, 0.2)]
  const runs = planSweep(makeSweep({ axes })).map(({ datasetId, config }) => [datasetId, config.rho])
  expect(runs).toEqual([
    [7, 0.1],
    [7, 0.2],
    [3, 0.1],
    [3, 0.2],
  ])
  expect(planSweep(makeSweep()).map(({ datasetId }) => datasetId)).toEqual([null, null, null, null])
})

describe('random configurations', () => {
  const axes = [range('lambda', 'log', 1e-6, 1e-2, 2), axis('hidden', 10, 20, 40)]
  const draw = (seed: number, count = 12) =>
    configsOf(makeSweep({ axes, strategy: { kind: 'random', count, seed } }))

  test('are the same from the same seed, others from another', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  test('are as many as asked, different from each other, within their ranges', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 1, max: 60 }), (seed, count) => {
        const runs = draw(seed, count)
        expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(count)
        for (const { lambda, hidden } of runs) {
          expect(lambda).toBeGreaterThanOrEqual(1e-6)
          expect(lambda).toBeLessThanOrEqual(1e-2)
          expect([10, 20, 40]).toContain(hidden)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('more than there are is refused, saying how many there are', () => {
    const strategy = { kind: 'random', count: 10, seed: 1 } as const
    expect(() => planSweep(makeSweep({ strategy }))).toThrow(/not 10 different.*at most 4/)
  })
})

describe('nonsense is refused before anything runs, naming the axis and the value', () => {
  test.each<[string, Partial<Sweep>, RegExp]>([
    [
      'ρ out of range',
      { axes: [axis('rho', 0.01, 1.5)] },
      /axis ρ cannot be 1\.5: ρ must lie between 0 and 1/,
    ],
    ['half a hidden unit', { axes: [axis('hidden', 2.5)] }, /hidden units cannot be 2\.5/],
    ['a word for a number', { axes: [axis('lambda', 'small')] }, /λ cannot be small/],
    ['an unknown activation', { axes: [axis('activation', 'relu')] }, /cannot be relu: .*sigmoid, tanh/],
    ['a value twice', { axes: [axis('rho', 0.1, 0.1)] }, /axis ρ: 0\.1 is there twice/],
    ['an axis twice', { axes: [axis('rho', 0.1), axis('rho', 0.2)] }, /axis ρ: it is there twice/],
    ['a range from 0 in the logarithm', { axes: [range('beta', 'log', 0, 1, 3)] }, /β: the range 0 to 1/],
    ['a range backwards', { axes: [range('beta', 'linear', 3, 1, 3)] }, /β: the range 3 to 1/],
    ['momentum for L-BFGS', { axes: [axis('momentum', 0.5)] }, /axis momentum: L-BFGS does not use it/],
    ['seeds twice over', { axes: [axis('seed', 1, 2)], repeats: 2 }, /axis seed: it varies already/],
    [
      'seeds beyond the last',
      { base: { ...defaultConfig, seed: 0xffffffff }, repeats: 2 },
      /seed cannot be 4294967296/,
    ],
    ['a measure that nobody takes', { measure: 'validation' }, /Set a validation share/],
    [
      'halving over iterations',
      { axes: [axis('iterations', 10, 20)], halving: { eta: 3, firstIterations: 5 } },
      /axis iterations: successive halving/,
    ],
    [
      'a first comparison at the end',
      { halving: { eta: 3, firstIterations: 400 } },
      /400 iterations must come before/,
    ],
    ['nothing to halve', { axes: [axis('rho', 0.1)], halving: { eta: 3, firstIterations: 4 } }, /at least 2/],
    [
      'too many runs',
      { axes: [range('rho', 'linear', 0.01, 0.9, 1001)], repeats: 2 },
      /2002 runs.*at most 2000/,
    ],
  ])('%s', (_, change, sentence) => {
    const sweep = makeSweep(change)
    expect(sweepSchema.safeParse(sweep).success).toBe(true)
    expect(() => planSweep(sweep)).toThrow(sentence)
  })
})

test('whatever a well-formed sweep asks for: valid runs that all differ, or one sentence', () => {
  const value = fc.oneof(fc.double({ min: -1, max: 60, noNaN: true }), fc.integer({ min: -2, max: 60 }))
  const anyAxis = fc.record({
    parameter: fc.constantFrom('hidden', 'rho', 'lambda', 'beta', 'batch', 'momentum', 'optimiser'),
    values: fc.oneof(
      fc.record({ kind: fc.constant('list'), values: fc.array(value, { minLength: 1, maxLength: 4 }) }),
      fc.record({
        kind: fc.constantFrom('linear', 'log'),
        from: value,
        to: value,
        steps: fc.integer({ min: 2, max: 6 }),
      }),
    ),
  })
  const anySweep = fc.record({
    base: fc.constantFrom(defaultConfig, { ...defaultConfig, optimiser: 'sgd' as const }),
    axes: fc.array(anyAxis, { minLength: 1, maxLength: 3 }),
    strategy: fc.constantFrom({ kind: 'grid' }, { kind: 'random', count: 5, seed: 3 }),
    halving: fc.constantFrom(null, { eta: 3, firstIterations: 10 }),
    repeats: fc.integer({ min: 1, max: 3 }),
    measure: fc.constantFrom('cost', 'reconstruction'),
  })
  fc.assert(
    fc.property(anySweep, (asked) => {
      const sweep = sweepSchema.parse(asked)
      let runs
      try {
        runs = configsOf(sweep)
      } catch (error) {
        expect((error as Error).message).toMatch(/^[A-ZΑ-Ω].*\.$/su)
        return
      }
      expect(runs.length).toBeGreaterThan(0)
      expect(new Set(runs.map((run) => JSON.stringify(run))).size).toBe(runs.length)
      for (const run of runs) expect(runConfigSchema.parse(run)).toEqual(run)
    }),
  )
})
