import { describe, expect, test } from 'vitest'
import { sortRuns } from '#shared/query/sortRuns.ts'
import { makeRun } from '../renderer/makeRun.ts'

const names = (runs: ReturnType<typeof sortRuns>): string[] => runs.map((run) => run.name)

describe('the table of runs, sorted', () => {
  const runs = [
    makeRun({ id: 1, name: 'b 10', cost: 0.3, createdAt: '2026-01-01T00:00:00.000Z' }),
    makeRun({ id: 2, name: 'b 9', cost: null, createdAt: '2026-01-02T00:00:00.000Z' }),
    makeRun({ id: 3, name: 'A', cost: 0.1, createdAt: '2026-01-03T00:00:00.000Z' }),
    makeRun({ id: 4, name: 'c', cost: Number.NaN, createdAt: '2026-01-04T00:00:00.000Z' }),
  ]

  test('age ascending is newest first', () => {
    expect(names(sortRuns(runs, [{ key: 'age', descending: false }]))).toEqual(['c', 'A', 'b 9', 'b 10'])
    expect(names(sortRuns(runs, [{ key: 'age', descending: true }]))).toEqual(['b 10', 'b 9', 'A', 'c'])
  })

  test('names count numbers as numbers, capitals as letters', () => {
    expect(names(sortRuns(runs, [{ key: 'name', descending: false }]))).toEqual(['A', 'b 9', 'b 10', 'c'])
  })

  test('runs without a cost, or with NaN, come last either way', () => {
    expect(names(sortRuns(runs, [{ key: 'cost', descending: false }]))).toEqual(['A', 'b 10', 'c', 'b 9'])
    expect(names(sortRuns(runs, [{ key: 'cost', descending: true }]))).toEqual(['b 10', 'A', 'c', 'b 9'])
  })

  test('a second column orders what the first leaves equal', () => {
    const grid = [
      makeRun({ id: 1, name: 'a', cost: 0.2, datasetName: 'bars' }),
      makeRun({ id: 2, name: 'b', cost: 0.1, datasetName: 'photos' }),
      makeRun({ id: 3, name: 'c', cost: 0.3, datasetName: 'bars' }),
    ]
    const byDataset = { key: 'dataset', descending: false } as const
    expect(names(sortRuns(grid, [byDataset, { key: 'cost', descending: false }]))).toEqual(['a', 'c', 'b'])
    expect(names(sortRuns(grid, [byDataset, { key: 'cost', descending: true }]))).toEqual(['c', 'a', 'b'])
  })

  test('the given list is left as it was', () => {
    const before = runs.map((run) => run.id)
    sortRuns(runs, [{ key: 'name', descending: true }])
    expect(runs.map((run) => run.id)).toEqual(before)
  })
})
