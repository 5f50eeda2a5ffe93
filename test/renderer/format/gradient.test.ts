import { describe, expect, test } from 'vitest'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { formatDifference, gradientVerdict } from '../../../renderer/format/gradient.ts'
import { formatSchedule } from '../../../renderer/format/run.ts'

describe('a gradient check in words', () => {
  test.each([
    [3.1234e-8, '3.1e−8'],
    [3e-8, '3e−8'],
    [0.33333, '0.33'],
    [0, '0'],
    [Number.NaN, 'NaN'],
  ])('%s is shown as %s', (ratio, text) => expect(formatDifference(ratio)).toBe(text))

  test('says what is right, and what is wrong and what to do', () => {
    expect(gradientVerdict({ passed: true, normRatio: 3e-8, limit: 1e-4 })).toBe(
      'The gradient is right: it differs from central differences by 3e−8, the limit is 1e−4.',
    )
    expect(gradientVerdict({ passed: false, normRatio: 0.0052, limit: 1e-7 })).toBe(
      'The gradient is wrong: it differs from central differences by 5.2e−3, the limit is 1e−7. Choose another engine.',
    )
    expect(gradientVerdict({ passed: false, normRatio: Number.NaN, limit: 1e-4 })).toMatch(/not a number/)
  })
})

describe('a learning-rate schedule in words', () => {
  test.each([
    [{ schedule: 'constant' }, 'constant'],
    [{ schedule: 'step', decayEvery: 100, decayFactor: 0.5 }, 'step, × 0.5 every 100 epochs'],
    [{ schedule: 'step', decayEvery: 1, decayFactor: 0.1 }, 'step, × 0.1 every 1 epoch'],
    [{ schedule: 'cosine', finalShare: 0 }, 'cosine, down to 0'],
    [{ schedule: 'cosine', finalShare: 0.1 }, 'cosine, down to 10.0 %'],
  ] as const)('%o', (change, text) => expect(formatSchedule({ ...defaultConfig, ...change })).toBe(text))
})
