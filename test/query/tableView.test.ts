import { describe, expect, test } from 'vitest'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { groupRuns } from '#shared/query/groupRuns.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { columnKeys, defaultView, shownRuns } from '#shared/query/tableView.ts'
import { makeRun } from '../renderer/makeRun.ts'

const config = (rho: number) => ({ ...defaultConfig, rho })
const runs = [
  makeRun({ id: 4, cost: 0.4, config: config(0.05), tags: ['a', 'b'] }),
  makeRun({ id: 3, cost: Number.NaN, config: config(0.01), tags: [] }),
  makeRun({ id: 2, cost: 0.2, config: config(0.05), tags: ['b'], isArchived: true }),
  makeRun({ id: 1, cost: null, config: config(0.1), tags: [] }),
]

describe('groups', () => {
  test('stand in the order of their values, each with its lowest cost', () => {
    const groups = groupRuns(runs, 'rho').map(({ value, runs, bestCost }) => [value, runs.length, bestCost])
    expect(groups).toEqual([
      [0.01, 1, null],
      [0.05, 2, 0.2],
      [0.1, 1, null],
    ])
  })

  test('of tags hold a run under each of its tags, and those without any last', () => {
    const groups = groupRuns(runs, 'tag').map(({ value, runs }) => [value, runs.map(({ id }) => id)])
    expect(groups).toEqual([
      ['a', [4]],
      ['b', [4, 2]],
      [null, [3, 1]],
    ])
  })
})

describe('archived runs', () => {
  const shown = (query: string, showsArchived = false) =>
    shownRuns(runs, { ...defaultView, query, showsArchived, sort: [] }).map(({ id }) => id)

  test('are hidden unless they are asked for', () => {
    expect(shown('')).toEqual([4, 3, 1])
    expect(shown('tag=b')).toEqual([4])
    expect(shown('is:archived')).toEqual([2])
    expect(shown('-is:archived', true)).toEqual([4, 3, 1])
    expect(shown('tag=b', true)).toEqual([4, 2])
  })
})

describe('the table as CSV', () => {
  test('has a head, numbers in full, and nothing where there is no value', () => {
    const [head, first, second] = runsCsv(runs, ['cost', 'rhoHat', 'name', 'tags']).split('\r\n')
    expect(head).toBe('id,cost,rhoHatMin,rhoHatMean,rhoHatMax,name,tags,status')
    expect(first).toBe('4,0.4,0.009,0.0101,0.011,"fig 3, seed 1","a; b",finished')
    expect(second).toMatch(/^3,,0\.009/)
  })

  test('can hold every column, each under a name of its own', () => {
    const heads = runsCsv([], columnKeys).trim().split(',')
    expect(new Set(heads).size).toBe(heads.length)
  })
})
