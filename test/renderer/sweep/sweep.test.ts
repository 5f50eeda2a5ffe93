import { describe, expect, test } from 'vitest'
import { rankRuns } from '#shared/domain/rankRuns.ts'
import type { PlannedRun } from '#shared/domain/planSweep.ts'
import type { ParallelChoice } from '#shared/domain/queueState.ts'
import { defaultConfig, type EngineChoice, type RunConfig } from '#shared/domain/runConfig.ts'
import { bestUntil } from '../../../renderer/charts/bestUntil.ts'
import { heatColour, inkOn } from '../../../renderer/charts/heatColours.ts'
import { estimateMs, runsSideBySide, workShare } from '../../../renderer/components/sweep/estimate.ts'
import { proposeAxis, readAxis } from '../../../renderer/components/sweep/sweepDraft.ts'
import { halvingRule } from '../../../renderer/format/sweep.ts'
import { endedInOrder, endTimes, medianOf, settingTable } from '../../../renderer/views/sweep/sweepResults.ts'
import { makeSweep } from '../../sweep/makeSweep.ts'
import { makeRun } from '../makeRun.ts'

const run = (id: number, rho: number, hidden: number, reconstruction: number | null, seed = 1) =>
  makeRun({ id, reconstruction, config: { ...defaultConfig, rho, hidden, seed } })

describe('the heat map', () => {
  const runs = [run(1, 0.01, 25, 3), run(2, 0.01, 50, 2), run(3, 0.05, 25, null), run(4, 0.05, 50, 1)]

  test('has columns to the right and rows upwards, each cell its runs', () => {
    const { columns, rows, cells } = settingTable(runs, 'rho', 'hidden')
    expect([columns, rows]).toEqual([
      [0.01, 0.05],
      [50, 25],
    ])
    expect(cells.map((cell) => cell.map(({ id }) => id))).toEqual([[2], [4], [1], [3]])
  })

  test('names datasets where these vary', () => {
    const named = runs.map((one, k) => ({ ...one, datasetName: k < 2 ? 'set 10' : 'set 9' }))
    const { columns, cells } = settingTable(named, 'dataset', null)
    expect(columns).toEqual(['set 9', 'set 10'])
    expect(cells.map((cell) => cell.map(({ id }) => id))).toEqual([
      [3, 4],
      [1, 2],
    ])
  })

  test('shows the median over seeds, of the runs that have a value', () => {
    const seeds = [
      run(1, 0.01, 25, 1),
      run(2, 0.01, 25, 9, 2),
      run(3, 0.01, 25, 2, 3),
      run(4, 0.01, 25, null, 4),
    ]
    expect(medianOf(seeds, 'reconstruction')).toBe(2)
    expect(medianOf([run(1, 0.01, 25, null)], 'reconstruction')).toBeNull()
  })

  test('of one setting is one row', () => {
    expect(settingTable(runs, 'rho', null).cells.map((cell) => cell.length)).toEqual([2, 2])
  })

  test('writes values in an ink that can be read on every colour', () => {
    const luminance = (colour: string) => {
      const parts = colour.startsWith('#')
        ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
        : colour.match(/\d+/g)!.map(Number)
      const [r, g, b] = parts.map((part) => {
        const c = part / 255
        return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const shares = Array.from({ length: 101 }, (_, k) => k / 100)
    const light = shares.map((share) => luminance(heatColour(share)))
    expect(light).toEqual(light.toSorted((a, b) => a - b))
    for (const share of shares) {
      const [a, b] = [luminance(heatColour(share)), luminance(inkOn(share))].toSorted((x, y) => y - x)
      expect((a + 0.05) / (b + 0.05)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

test('the best so far only falls, in the order in which runs ended', () => {
  const at = (id: number, endedAt: string | null, reconstruction: number | null) =>
    makeRun({ id, endedAt, reconstruction })
  const runs = [at(1, '2026-01-03', 1), at(2, '2026-01-01', 3), at(3, '2026-01-02', 4), at(4, null, 0)]
  const ended = endedInOrder(runs, 'reconstruction')
  expect(ended.map(({ id }) => id)).toEqual([2, 3, 1])
  expect([...bestUntil(Float64Array.of(3, 4, 1))]).toEqual([3, 3, 1])
  const started = runs.map((one) => ({ ...one, startedAt: '2025-12-31T23:59:59.000Z' }))
  expect([...endTimes(ended, started)]).toEqual([1, 1 + 86_400, 1 + 2 * 86_400].map((s) => s * 1_000))
})

describe('the time a sweep may take', () => {
  const planned = (config: Partial<RunConfig>): PlannedRun => ({
    config: { ...defaultConfig, ...config },
    datasetId: null,
  })
  const earlier = makeRun({ iterations: 100, elapsedMs: 1_000 })

  test('is worked out from runs alike, and unknown where one size was never trained', () => {
    const run = planned({ iterations: 50 })
    expect(estimateMs([run, run], 1, [earlier], 1)).toBe(1_000)
    expect(estimateMs([run, planned({ hidden: 77 })], 1, [earlier], 1)).toBeNull()
    expect(estimateMs([run], 2, [earlier], 1)).toBeNull()
    expect(estimateMs([{ ...run, datasetId: 1 }], 2, [earlier], 1)).toBe(500)
  })

  test('is shared by runs that are trained side by side, where the engine leaves room for that', () => {
    const machine = (choice: ParallelChoice) => ({
      cores: 4,
      parallel: { choice, count: 0, proposal: { count: 0, engine: 'auto' as const } },
    })
    const runs = (engine: EngineChoice, count: number) =>
      Array.from({ length: count }, () => planned({ engine }))
    expect(runsSideBySide(runs('reference', 9), machine('auto'))).toBe(3)
    expect(runsSideBySide(runs('reference', 2), machine('auto'))).toBe(2)
    expect(runsSideBySide(runs('wasm', 9), machine(16))).toBe(4)
    expect(runsSideBySide(runs('onnx', 9), machine(4))).toBe(1)
    expect(runsSideBySide([...runs('reference', 2), ...runs('auto', 1)], machine(4))).toBe(1)
    expect(runsSideBySide([], machine('auto'))).toBe(1)
  })

  test('is less with halving: nine to 44, three to 132, one to 400', () => {
    const share = workShare({ eta: 3, firstIterations: 44 }, 400, 9)
    expect(share).toBeCloseTo((9 * 44 + 3 * (132 - 44) + (400 - 132)) / (9 * 400))
    expect(workShare(null, 400, 9)).toBe(1)
  })
})

test('values are read as they are written in the form', () => {
  const list = (parameter: 'rho' | 'activation', text: string) =>
    readAxis({ ...proposeAxis(parameter), kind: 'list', list: text }).values
  expect(list('rho', '.01; 1e−2,  0.5')).toEqual({ kind: 'list', values: [0.01, 0.01, 0.5] })
  expect(list('rho', 'small')).toEqual({ kind: 'list', values: ['small'] })
  const datasets = [3, 7, 5].map((id) => ({ id, visible: id === 7 ? 100 : 64 }))
  expect(readAxis(proposeAxis('dataset', datasets, 5)).values).toEqual({ kind: 'list', values: [5, 3] })
  expect(list('activation', 'Tanh, sigmoid')).toEqual({ kind: 'list', values: ['tanh', 'sigmoid'] })
  expect(readAxis({ ...proposeAxis('lambda'), from: '1e-5', to: '1e-3', steps: '5' }).values).toEqual({
    kind: 'log',
    from: 1e-5,
    to: 1e-3,
    steps: 5,
  })
})

test('under halving the further a run came the higher it ranks; failed runs come last', () => {
  const sweep = makeSweep({ halving: { eta: 3, firstIterations: 44 }, measure: 'cost' })
  const runs = [
    makeRun({ id: 1, status: 'failed', cost: 0.01 }),
    makeRun({ id: 2, status: 'stopped', iterations: 44, cost: 0.1 }),
    makeRun({ id: 3, status: 'finished', iterations: 400, cost: 0.4 }),
    makeRun({ id: 4, status: 'stopped', iterations: 132, cost: 0.3 }),
  ]
  expect(rankRuns(runs, sweep).map(({ id }) => id)).toEqual([3, 4, 2, 1])
  expect(halvingRule(sweep, 9)).toBe(
    'Compared by cost at equal iterations (44, 132): of 9 configurations go on the best 3 at 44, then the best 1 ' +
      'at 132; these are trained to 400. The others keep their checkpoint.',
  )
})
