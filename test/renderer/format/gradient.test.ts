import { describe, expect, test } from 'vitest'
import { formatDifference, gradientVerdict } from '../../../renderer/format/gradient.ts'

describe('a gradient check in words', () => {
  test.each([
    [3.1234e-8, '3.1e−8'],
    [3e-8, '3e−8'],
    [0.33333, '0.33'],
    [0, '0'],
    [Number.NaN, 'NaN'],
  ])('%s is shown as %s', (ratio, text) => expect(formatDifference(ratio)).toBe(text))

  const part = (ratio: number, passed = true) => ({
    checked: 9,
    largestRelativeError: ratio,
    normRatio: ratio,
    referenceRatio: 0,
    passed,
  })
  const right = { W1: part(3e-8), W2: part(3e-8), b1: part(3e-8), b2: part(3e-8) }

  test('says what is right, and which part is wrong and what to do', () => {
    expect(gradientVerdict({ passed: true, parts: right, limit: 2e-6 })).toBe(
      'The gradient is right: each part is within 2e−6 of what it must be.',
    )
    const wrong = { ...right, W2: part(0.0052, false), b2: part(0.5, false) }
    expect(gradientVerdict({ passed: false, parts: wrong, limit: 2e-8 })).toBe(
      'The gradient is wrong in W2, b2: not within 2e−8 of what it must be. Choose another engine.',
    )
    const unknown = { ...right, b1: part(Number.NaN, false) }
    expect(gradientVerdict({ passed: false, parts: unknown, limit: 2e-6 })).toMatch(/not a number/)
  })
})
