import { describe, expect, it } from 'vitest'
import { defaultConfig, runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { learningRateAt } from '#shared/model/learningRate.ts'

const rates = (changes: Partial<RunConfig>, epochs: number) =>
  Array.from({ length: epochs }, (_, epoch) =>
    learningRateAt({ ...defaultConfig, learningRate: 0.1, iterations: epochs, ...changes }, epoch),
  )

describe('the learning rate', () => {
  it('stays what it is without a schedule', () => {
    expect(rates({}, 3)).toEqual([0.1, 0.1, 0.1])
  })

  it('falls in steps', () => {
    const steps = rates({ schedule: 'step', decayEvery: 2, decayFactor: 0.5 }, 5)
    expect(steps).toEqual([0.1, 0.1, 0.05, 0.05, 0.025])
  })

  it('falls along half a cosine to its final share, which the last epoch has', () => {
    const cosine = rates({ schedule: 'cosine', finalShare: 0.2 }, 5)
    expect(cosine[0]).toBeCloseTo(0.1, 12)
    expect(cosine[2]).toBeCloseTo(0.06, 12)
    expect(cosine[4]).toBeCloseTo(0.02, 12)
    expect(cosine.toSorted((a, b) => b - a)).toEqual(cosine)
  })

  it('is the whole one in a run of one epoch', () => {
    expect(rates({ schedule: 'cosine' }, 1)).toEqual([0.1])
  })
})

it.each([
  [{ schedule: 'linear' }, /schedule must be one of constant, step, cosine/],
  [{ decayEvery: 0 }, /Epochs between decays must be at least 1/],
  [{ decayFactor: 1 }, /decay factor must be smaller than 1/],
  [{ finalShare: -0.1 }, /final share of the learning rate must be 0 or larger/],
  [{ validation: 0.6 }, /validation share must be at most 0\.5/],
])('refuses %j with a sentence that says what is asked for', (changes, message) => {
  const parsed = runConfigSchema.safeParse({ ...defaultConfig, ...changes })
  expect(parsed.error?.issues[0].message).toMatch(message)
})

it('takes settings from before there were schedules and validation for a constant rate and none', () => {
  const { schedule: _, validation: __, decayEvery: ___, ...old } = defaultConfig
  expect(runConfigSchema.parse(old)).toEqual(defaultConfig)
})
