import { describe, expect, test } from 'vitest'
import { answer } from '#main/analysis/answer.ts'
import { explainedVariance } from '#main/analysis/explainedVariance.ts'
import { getRun } from '#db/queries/runs.ts'
import { heldOutRows } from '#shared/model/holdOut.ts'
import { varianceExplained } from '#shared/model/varianceExplained.ts'
import { makeDataset, makeLibrary, makeRun } from '../db/makeLibrary.ts'

test('the variance of patches is their mean squared distance from the mean patch, over all values', async () => {
  const library = makeLibrary()
  // Every value has a mean of its own: 1, 10 and a constant.
  const patches = Float32Array.of(0, 8, 5, 2, 12, 5)
  const datasetId = await makeDataset(library, { patches, m: 2, n: 3, patchSize: null })
  const id = await makeRun(library, { datasetId })
  expect(answer(library, 'patchVariances', [id])).toEqual({ trained: 1 + 4 + 0, heldOut: null })
})

test('of the variance a network explains what its squared error leaves', () => {
  expect(varianceExplained(0, 5)).toBe(1)
  // The mean patch as the output for every patch: ½ of the variance is the cost, nothing is explained.
  expect(varianceExplained(2.5, 5)).toBe(0)
  expect(varianceExplained(1.25, 5)).toBe(0.5)
  expect(varianceExplained(0, 0)).toBeNaN()
})

describe('with patches held out', () => {
  const [m, n] = [20, 2]
  const seed = { seed: 3, streams: 'separate' } as const
  const isHeldOut = heldOutRows({ m, count: 4, seed })
  // Those held out vary ten times as much, and around another mean.
  const patches = Float32Array.from({ length: m * n }, (_, i) => {
    const row = Math.floor(i / n)
    return isHeldOut[row] === 1 ? 50 + 10 * Math.sin(7 * i) : Math.sin(7 * i)
  })
  const varianceOf = (held: number) => {
    const rows = Array.from({ length: m }, (_, row) => row).filter((row) => isHeldOut[row] === held)
    const columns = [0, 1].map((j) => rows.map((row) => patches[row * n + j]))
    return columns.reduce((sum, column) => {
      const mean = column.reduce((a, b) => a + b) / column.length
      return sum + column.reduce((squares, value) => squares + (value - mean) ** 2, 0) / column.length
    }, 0)
  }

  test('error and variance are of the same patches: of those trained on, and of those held out', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library, { patches, m, n, patchSize: null })
    const id = await makeRun(library, { datasetId, config: { validation: 0.2, ...seed } })
    const variances = answer(library, 'patchVariances', [id])
    expect(variances.trained).toBeCloseTo(varianceOf(0), 6)
    expect(variances.heldOut).toBeCloseTo(varianceOf(1), 4)
    const halves = { reconstruction: varianceOf(0) / 4, validation: varianceOf(1) / 8 }
    const explained = explainedVariance(library, { ...getRun(library, id), ...halves })
    expect(explained.trained).toBeCloseTo(0.5, 6)
    expect(explained.heldOut).toBeCloseTo(0.75, 6)
  })
})
