import { describe, expect, it } from 'vitest'
import { engineContender } from '#main/bench/engineContender.ts'
import { interleave, median } from '#main/bench/interleave.ts'
import { benchPatches, gradientFlops, workloads } from '#main/bench/workloads.ts'
import { runLab } from '../cli/runLab.ts'
import { formatReport, insertReport, type Report } from './report.ts'

describe('interleaving', () => {
  const recorded = async (times: Record<string, number>, rounds: number) => {
    const order: string[] = []
    const contenders = Object.entries(times).map(([name, elapsedMs]) => ({
      name,
      async time() {
        order.push(name)
        return elapsedMs
      },
    }))
    return { order, timings: await interleave(contenders, rounds) }
  }

  it('warms all up, then takes turns, the order reversed every other time', async () => {
    const { order, timings } = await recorded({ a: 1, b: 2 }, 3)
    expect(order.join('')).toBe('ababbaab')
    expect(timings.map(({ rounds }) => rounds)).toEqual([3, 3])
  })

  it('does not wait fifteen times for who takes seconds, and takes the warm-up of who takes longer', async () => {
    const { order, timings } = await recorded({ quick: 1, slow: 2_000, verySlow: 60_000 }, 15)
    expect(timings.map(({ rounds }) => rounds)).toEqual([15, 3, 1])
    expect(timings[2].medianMs).toBe(60_000)
    expect(order.filter((name) => name === 'verySlow')).toHaveLength(1)
  })

  it('takes the middle of the times', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 3])).toBe(2.5)
  })
})

describe('a workload', () => {
  it('has patches as the sigmoid decoder wants them, the same each time', () => {
    const patches = benchPatches({ m: 500, n: 64 })
    expect(patches.every((value) => value > 0 && value < 1)).toBe(true)
    expect(benchPatches({ m: 500, n: 64 })).toEqual(patches)
  })

  it('counts five products of 2·m·n·h operations', () => {
    expect(gradientFlops(workloads[0])).toBe(5 * 2 * 10_000 * 64 * 25)
  })
})

it.each(['lbfgs', 'adam'] as const)('times and trains with %s, to a lower cost', async (optimiser) => {
  const config = { ...workloads[0].config, hidden: 4, batch: 50, optimiser, learningRate: 0.01 }
  const workload = { name: '9→4', m: 200, n: 9, h: 4, config }
  const contender = await engineContender('reference', workload, benchPatches(workload))
  expect(await contender.time()).toBeGreaterThan(0)
  const short = await contender.run(1)
  const long = await contender.run(20)
  expect(long.iterations).toBe(20)
  expect(long.cost).toBeLessThan(short.cost)
  await contender.dispose()
})

it('lab bench prints times and a run of each engine asked for, and what auto takes', async () => {
  const few = ['--rounds', '1', '--iterations', '2']
  const { stdout, code } = await runLab('bench', '--json', '--shape', '64-25', '--engine', 'onnx', ...few)
  expect(code).toBe(0)
  const { results, remarks, peakGflops } = JSON.parse(stdout) as {
    results: { shape: string; engine: string; gradientMs: number; run: { iterations: number } }[]
    remarks: string[]
    peakGflops: number
  }
  expect(results).toHaveLength(1)
  expect(results[0]).toMatchObject({ shape: '64→25', engine: 'onnx', auto: true, run: { iterations: 2 } })
  expect(peakGflops).toBeGreaterThan(0)
  expect(remarks).toEqual([expect.stringMatching(/^64→25: auto takes onnx\. ONNX Runtime takes/)])
})

it('lab bench refuses a shape that it does not have, and names those it has', async () => {
  const { stderr, code } = await runLab('bench', '--shape', '3-3')
  expect(code).toBe(2)
  expect(stderr).toMatch(/"3-3".*64-25, 100-50, 100-200, 784-400/)
})

describe('the report', () => {
  const row = { device: 'CPU', gflops: 1, stepMs: null, run: null }
  const report: Report = {
    machine: 'a machine',
    versions: ['Node 24'],
    date: '2026-01-02',
    load: 0.1,
    rounds: 9,
    runRounds: 3,
    iterations: 400,
    shapes: [
      {
        shape: '64→25',
        m: 10_000,
        why: 'It is fast.',
        productsMs: 1.5,
        rows: [
          { ...row, name: 'NumPy', auto: false, gradientMs: 6 },
          { ...row, name: 'onnx', auto: true, gradientMs: 2 },
        ],
      },
    ],
    scaling: [],
  }

  it('puts the fastest first and everybody beside what auto takes', () => {
    const lines = formatReport(report)
      .split('\n')
      .filter((line) => line.startsWith('| 64→25'))
    expect(lines[0]).toMatch(/\*\*onnx\*\* \(auto\) \| CPU \| 2\.00 \| 1\.00/)
    expect(lines[1]).toMatch(/NumPy \| CPU \| 6\.00 \| 3\.00/)
    expect(lines[2]).toMatch(/five products alone.*1\.50 \| 0\.75/)
  })

  it('goes between its markers and leaves the rest of the page alone, again and again', () => {
    const page = 'before\n<!-- bench:start -->\nold\n<!-- bench:end -->\nafter\n'
    const once = insertReport(page, 'new')
    expect(once).toMatch(/^before\n<!-- bench:start -->\n\nnew\n<!-- bench:end -->\nafter\n$/)
    expect(insertReport(once, 'new')).toBe(once)
    expect(() => insertReport('a page', 'new')).toThrow(/bench:start/)
  })
})
