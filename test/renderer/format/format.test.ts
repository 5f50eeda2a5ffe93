import { describe, expect, test } from 'vitest'
import { imageSizes, patchShape } from '../../../renderer/format/dataset.ts'
import {
  formatCost,
  formatCount,
  formatCountOf,
  formatPlain,
  formatScientific,
  formatShare,
  formatSize,
} from '../../../renderer/format/number.ts'
import { rhoHatOffTarget, statusLine } from '../../../renderer/format/run.ts'
import { formatSetting } from '../../../renderer/format/setting.ts'
import {
  formatAge,
  formatClock,
  formatDuration,
  formatRate,
  timeLeftMs,
} from '../../../renderer/format/time.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeRun } from '../makeRun.ts'

describe('numbers as they are read in tables', () => {
  test.each([
    [0.158_91, '0.1589'],
    [-0.000_01, '0.0000'],
    [-1.5, '−1.5000'],
    [null, '–'],
    [Number.NaN, 'NaN'],
    [Infinity, '∞'],
    [1.234e9, '1.23e9'],
  ])('cost %s is %s', (value, text) => expect(formatCost(value)).toBe(text))

  test.each([
    [1e-4, '1e−4'],
    [3e-3, '3e−3'],
    [1.5e-5, '1.5e−5'],
    [0.01, '0.01'],
    [0.035, '0.035'],
    [3, '3'],
    [0, '0'],
    [100_000, '1e5'],
  ])('a setting of %s is %s in a table', (value, text) => expect(formatScientific(value)).toBe(text))

  test.each([
    [1e-4, '0.0001'],
    [1.5e-7, '0.00000015'],
    [0.01, '0.01'],
    [1e21, '1000000000000000000000'],
    [3, '3'],
  ])('a setting of %s is %s in a form', (value, text) => expect(formatPlain(value)).toBe(text))

  test('a table has λ and the learning rate by powers of ten, ρ and β in full', () => {
    expect(formatSetting('lambda', 2e-3)).toBe('2e−3')
    expect(formatSetting('learningRate', 1e-3)).toBe('1e−3')
    expect(formatSetting('rho', 5e-3)).toBe('0.005')
    expect(formatSetting('beta', 1e-3)).toBe('0.001')
    expect(formatSetting('hidden', 1_000)).toBe('1,000')
    expect(formatSetting('seed', 1_000)).toBe('1000')
    expect(formatSetting('optimiser', 'lbfgs')).toBe('L-BFGS')
    expect(formatSetting('dataset', 'nature-13')).toBe('nature-13')
  })

  test('a form’s number reads back as the same number', () => {
    for (const value of [1e-4, 1.25e-9, 0.3, 123456.789, 1e-300])
      expect(Number(formatPlain(value))).toBe(value)
  })

  test('counts, shares and sizes carry separators and units', () => {
    expect(formatCount(10_000)).toBe('10,000')
    expect(formatCountOf(1, 'run')).toBe('1 run')
    expect(formatCountOf(2_000, 'run')).toBe('2,000 runs')
    expect(formatShare(0.399)).toBe('39.9 %')
    expect(formatSize(512)).toBe('512 bytes')
    expect(formatSize(18_400_000)).toBe('18.4 MB')
    expect(formatSize(999_960)).toBe('1.0 MB')
  })
})

describe('times', () => {
  test.each([
    [54_000, '0:54'],
    [725_000, '12:05'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%s ms on a clock is %s', (elapsedMs, text) => expect(formatClock(elapsedMs)).toBe(text))

  test.each([
    [340, '340 ms'],
    [8_200, '8.2 s'],
    [59_960, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [7_800_000, '2 h 10 min'],
  ])('%s ms in words is %s', (elapsedMs, text) => expect(formatDuration(elapsedMs)).toBe(text))

  test.each([
    ['2026-01-01T00:00:00.000Z', 'now'],
    ['2025-12-31T23:57:00.000Z', '3 min'],
    ['2025-12-31T22:00:00.000Z', '2 h'],
    ['2025-12-28T00:00:00.000Z', '4 d'],
    ['2023-12-28T00:00:00.000Z', '2 y'],
    ['not a date', '–'],
  ])('what was made at %s is %s old', (createdAt, text) => {
    expect(formatAge(createdAt, Date.parse('2026-01-01T00:00:30.000Z'))).toBe(text)
  })

  test('a rate and what is left follow from the pace', () => {
    expect(formatRate(3.46)).toBe('3.5 it/s')
    expect(formatRate(0.12)).toBe('0.12 it/s')
    expect(formatRate(123.4)).toBe('123 it/s')
    expect(formatRate(Number.NaN)).toBe('– it/s')
    expect(timeLeftMs(100, 400, 10_000)).toBe(30_000)
    expect(timeLeftMs(0, 400, 0)).toBeNull()
  })
})

describe('the line under a run’s name', () => {
  test.each([
    [{}, 'Finished, 400 iterations'],
    [{ outcome: 'converged', iterations: 372 }, 'Converged at 372'],
    [{ status: 'running', iterations: 212 }, '212 / 400'],
    [{ status: 'stopped', iterations: 160 }, 'Stopped at 160 of 400'],
    [{ status: 'interrupted', iterations: 1 }, 'Interrupted at 1 of 400'],
    [{ status: 'failed', outcome: 'diverged', iterations: 1 }, 'Diverged after 1 iteration'],
    [{ status: 'failed', outcome: null, iterations: 0 }, 'Failed after 0 iterations'],
    [{ status: 'queued', iterations: 0 }, 'Queued'],
    [{ status: 'queued', iterations: 36 }, 'Queued, resumes at 36 of 400'],
  ] as const)('%o reads %s', (change, text) => expect(statusLine(makeRun(change))).toBe(text))
})

describe('the warning beside ρ̂', () => {
  const withMean = (mean: number, config = {}) =>
    rhoHatOffTarget(
      makeRun({ rhoHat: { min: mean, mean, max: mean }, config: { ...defaultConfig, ...config } }),
    )

  test('comes only when the mean is more than a fifth off', () => {
    expect(withMean(0.0119)).toBeNull()
    expect(withMean(0.0125)).toBe('above')
    expect(withMean(0.007)).toBe('below')
  })

  test('measures tanh units by their share of active', () => {
    expect(withMean(-0.98, { activation: 'tanh' })).toBeNull()
    expect(withMean(-0.9, { activation: 'tanh' })).toBe('above')
  })

  test('is silent without a sparsity penalty and before the first iteration', () => {
    expect(withMean(0.5, { beta: 0 })).toBeNull()
    expect(rhoHatOffTarget(makeRun({ rhoHat: null }))).toBeNull()
  })
})

test('patches and images state their sizes', () => {
  expect(patchShape({ patchSize: 8, channels: 1, visible: 64 })).toBe('8 × 8')
  expect(patchShape({ patchSize: 8, channels: 3, visible: 192 })).toBe('8 × 8 × 3')
  expect(patchShape({ patchSize: null, channels: 1, visible: 784 })).toBe('784 values')
  expect(imageSizes([])).toBe('–')
  expect(
    imageSizes([
      { width: 640, height: 480 },
      { width: 640, height: 480 },
    ]),
  ).toBe('640 × 480')
  expect(
    imageSizes([
      { width: 640, height: 480 },
      { width: 64, height: 48 },
    ]),
  ).toBe('64 × 48 to 640 × 480')
})
