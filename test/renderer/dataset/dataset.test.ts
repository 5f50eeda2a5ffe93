import { describe, expect, test } from 'vitest'
import { removalText } from '../../../renderer/components/dataset/removalText.ts'
import { layOutSpectrum } from '../../../renderer/components/dataset/spectrumPoints.ts'
import { pixelRange, rangeBefore } from '../../../renderer/components/dataset/valueRanges.ts'
import type { DatasetStatistics } from '#shared/domain/dataset.ts'

describe('what is lost with a dataset', () => {
  const run = (name: string) => ({ name })

  test('is said before it is', () => {
    expect(removalText([])).not.toContain('run')
    expect(removalText([run('edges')])).toMatch(/^1 run learned from it: “edges”\. It goes with it/)
    expect(removalText(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(run))).toMatch(
      /^7 runs learned from it: “a”, “b”, “c”, “d”, “e” and 2 more\. They go with it/,
    )
  })
})

describe('the spectrum', () => {
  const frequencies = [0.125, 0.25, 0.5]

  test('falls as a straight line where power falls as 1/f²', () => {
    const paper = layOutSpectrum({ frequencies, before: null, after: [64, 16, 4] }, 200, 100)
    const points = [...(paper?.after ?? '').matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ])
    expect(points.map(([x]) => x)).toEqual([0, 100, 200])
    expect(points[1][1] - points[0][1]).toBeCloseTo(points[2][1] - points[1][1], 1)
    expect(points[1][1]).toBeGreaterThan(points[0][1])
    expect(paper?.before).toBeNull()
  })

  test('labels frequencies at both ends and whole decades', () => {
    const paper = layOutSpectrum({ frequencies, before: [0.3, 0.02, 0.002], after: [1, 1, 1] }, 200, 90)
    expect(paper?.marks).toEqual([
      { x: 0, text: '0.13' },
      { x: 100, text: '0.25' },
      { x: 200, text: '0.5' },
    ])
    expect(paper?.decades.map(({ text }) => text)).toEqual(['10⁰', '10⁻¹', '10⁻²', '10⁻³'])
    expect(paper?.decades.map(({ y }) => Math.round(y))).toEqual([0, 30, 60, 90])
  })

  test('is not drawn where there is nothing to draw', () => {
    expect(layOutSpectrum({ frequencies, before: null, after: [0, 0, 0] }, 200, 100)).toBeNull()
    expect(layOutSpectrum({ frequencies: [0.5], before: null, after: [1] }, 200, 100)).toBeNull()
  })
})

test('images of an array are drawn in their own range, image files from 0 to 1', () => {
  const statistics = (min: number, max: number): DatasetStatistics => {
    const values = { mean: 0, deviation: 1, histogram: { min, max, counts: [1] } }
    return { before: values, after: values, threeSigma: null, clippedShare: null }
  }
  expect(rangeBefore({ kind: 'images', statistics: statistics(0, 1) })).toBe(pixelRange)
  expect(rangeBefore({ kind: 'images', statistics: statistics(-4, 5.6) })).toEqual({ black: -4, white: 5.6 })
  // A generator's noise may stray; mid grey stays mid grey.
  expect(rangeBefore({ kind: 'noise', statistics: statistics(-0.2, 1.2) })).toBe(pixelRange)
})
