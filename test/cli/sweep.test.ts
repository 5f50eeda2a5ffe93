import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import type { SweepSummary } from '#shared/domain/sweep.ts'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

interface SweepResult {
  sweepId: number
  status: string
  measure: string
  runs: {
    runId: number
    status: string
    message: string | null
    settings: Record<string, number | string>
    value: number | null
    iterations: number
  }[]
  best: { runId: number; value: number } | null
}

let folder: string
let library: string[]
const short = ['--iterations', '12', '--engine', 'reference']
const quick = [...short, '--dataset', 'bars']

beforeAll(async () => {
  folder = path.join(await temporaryFolder(), 'library')
  library = ['--library', folder]
  await labJson(
    ...['generate', 'bars', '--patches', '200', '--patch', '4', '--normalize', 'none', '--name', 'bars'],
    ...library,
  )
})

describe('a sweep on the command line', () => {
  it('trains every combination, two at a time, and prints the runs from the best on', async () => {
    const grid = ['--grid', 'rho=.05,.1', '--grid', 'hidden=4,8', '--parallel', '2']
    const result = await labJson<SweepResult>('sweep', ...quick, ...grid, '--name', 'sizes', ...library)
    expect(result).toMatchObject({ status: 'finished', measure: 'reconstruction' })
    const settings = result.runs.map(({ settings: { rho, hidden } }) => `${rho} ${hidden}`)
    expect(settings.toSorted()).toEqual(['0.05 4', '0.05 8', '0.1 4', '0.1 8'])
    const values = result.runs.map(({ value }) => value!)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(result.best).toEqual(result.runs[0])
    const { stdout } = await runLab('runs', '--filter', `sweep:${result.sweepId}`, '--json', ...library)
    expect(JSON.parse(stdout)).toHaveLength(4)
  })

  it('halves: runs that are stopped early say so, a comparison before training left its start too', async () => {
    const asked = [
      '--dataset',
      'bars',
      '--engine',
      'reference',
      '--grid',
      'hidden=2..8:linear:3',
      '--halving',
    ]
    const later = ['--iterations', '40', '--first-iterations', '13']
    const { runs } = await labJson<SweepResult>('sweep', ...asked, ...later, ...library)
    expect(runs.map(({ status, iterations }) => [status, iterations])).toEqual([
      ['finished', 40],
      ['stopped', 13],
      ['stopped', 13],
    ])
    expect(runs[1].message).toMatch(/^Stopped by the sweep after 13 iterations: rank 2 of 3/)
    const early = ['--iterations', '12', '--first-iterations', '4', '--name', 'early']
    const { stdout } = await runLab('sweep', ...asked, ...early, ...library)
    expect(stdout).toContain('After 4 iterations training had not left its start: all 3 went on.')
    const sweeps = await labJson<SweepSummary[]>('sweeps', ...library)
    expect(sweeps.map(({ name, status, runs }) => [name, status, runs])).toEqual([
      ['early', 'finished', 3],
      ['Sweep 2', 'finished', 3],
      ['sizes', 'finished', 4],
    ])
  })

  it('varies the dataset, by name, and says which did best', async () => {
    const sampling = ['--patches', '200', '--patch', '4', '--normalize', 'none']
    await labJson('generate', 'noise', ...sampling, '--name', 'static', ...library)
    const { runs } = await labJson<SweepResult>(
      'sweep',
      ...short,
      '--grid',
      'dataset=static,bars',
      ...library,
    )
    expect(runs.map(({ settings }) => settings.dataset).toSorted()).toEqual(['bars', 'static'])
    const listed = await labJson<SweepSummary[]>('sweeps', ...library)
    expect(listed[0].datasetName.split(', ').toSorted()).toEqual(['bars', 'static'])
    const neither = await runLab('sweep', ...short, '--grid', 'rho=.1,.2', ...library)
    expect(neither.stderr).toContain('--dataset NAME')
    const both = await runLab('sweep', ...quick, '--grid', 'dataset=static,bars', ...library)
    expect(both).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('not by both') as string,
    })
  })

  it.each([
    [['--grid', 'rho=.01,1.5'], /axis ρ cannot be 1\.5/],
    [['--grid', 'lambda=1e-5..1e-3:log'], /"1e-5..1e-3:log" is no range/],
    [[], /name values, such as --grid/],
  ])('refuses %j and says how it is written', async (asked, sentence) => {
    const { code, stderr, stdout } = await runLab('sweep', ...quick, ...asked, ...library)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(sentence)
  })

  it('keeps checkpoints on Ctrl-C, and resume-sweep goes on with them', async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const asked = ['--grid', 'seed=1,2', '--optimizer', 'adam', '--iterations', '80']
    const endless = spawn(
      process.execPath,
      ['main/cli/lab.ts', 'sweep', ...quick, ...asked, '--name', 'long', ...library],
      { cwd: root },
    )
    const code = new Promise((resolve) => endless.on('exit', resolve))
    const opened = openLibrary(folder)
    while (
      !listRuns(opened).some(({ config, iterations }) => config.optimiser === 'adam' && iterations > 2)
    ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    endless.kill('SIGINT')
    expect(await code).toBe(130)
    const stopped = listRuns(opened).filter(({ config }) => config.optimiser === 'adam')
    expect(stopped.map(({ status }) => status)).toEqual(['stopped', 'stopped'])
    expect(stopped[1].hasCheckpoint).toBe(true)
    opened.close()
    const result = await labJson<SweepResult>('resume-sweep', 'long', ...library)
    expect(result.runs.map(({ status, iterations }) => [status, iterations])).toEqual([
      ['finished', 80],
      ['finished', 80],
    ])
    expect(await runLab('resume-sweep', 'long', ...library)).toMatchObject({ code: 2, stdout: '' })
    expect(await runLab('stop-sweep', 'long', ...library)).toMatchObject({ code: 2, stdout: '' })
  })
})
