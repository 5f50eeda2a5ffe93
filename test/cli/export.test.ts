import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snippets } from '#shared/snippets/index.ts'
import { exportFormats } from '#shared/domain/exportRequest.ts'
import { labJson, runLab } from './runLab.ts'

let folder: string
let library: string[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'rho-lab-test-'))
  library = ['--library', path.join(folder, 'library')]
  await labJson('generate', 'bars', '--patches', '300', '--patch', '4', '--name', 'bars', ...library)
  const settings = ['--dataset', 'bars', '--hidden', '5', '--iterations', '8', ...library]
  await labJson('train', ...settings, '--name', 'first')
  await labJson('train', ...settings, '--name', 'second', '--rho', '.05')
})
afterAll(() => rm(folder, { recursive: true }))

/** A command with its arguments, on this library or another. */
const inLibrary = <T>(args: string[], where = library) => labJson<T>(...args, ...where)

const out = (name: string) => path.join(folder, name)

interface Trained {
  cost: number
  iterations: number
}

describe('lab export', () => {
  it.each(exportFormats.filter((format) => format !== 'png'))(
    'writes %s, from which evaluate gives the cost of the run and train goes on',
    async (format) => {
      const file = out(`w.${format}`)
      expect(await labJson('export', 'first', '--format', format, '--out', file, ...library)).toEqual({
        runId: 1,
        format,
        file,
      })
      const { cost } = await labJson<Trained>('show', 'first', ...library)
      const given = ['--dataset', 'bars', '--rho', '.01', ...library]
      expect((await labJson<Trained>('evaluate', '--weights', file, ...given)).cost).toBeCloseTo(cost, 5)
      const more = await labJson<Trained>('train', '--init', file, '--iterations', '1', ...given)
      expect(more.cost).toBeLessThanOrEqual(cost * 1.0001)
    },
  )

  it('writes several runs into a folder', async () => {
    const { files } = await inLibrary<{ files: { runId: number; file: string }[] }>([
      'export',
      'first',
      '2',
      '--format',
      'mat',
      '--out',
      out('both'),
      '--iteration',
      '0',
    ])
    expect(files.map(({ file }) => path.basename(file))).toEqual(['1 first.mat', '2 second.mat'])
    expect(readdirSync(out('both'))).toHaveLength(2)
  })

  it('writes the record as a table', async () => {
    await labJson('export', '1', '--format', 'csv', '--what', 'iterations', '--out', out('t.csv'), ...library)
    expect(readFileSync(out('t.csv'), 'utf8')).toMatch(/^iteration,metric,value\n0,cost,/)
  })

  it.each(['tensorboard', 'mlflow'])('adds runs to a folder for %s', async (format) => {
    const { files } = await inLibrary<{ files: { runId: number; file: string }[] }>([
      'export',
      'first',
      'second',
      '--format',
      format,
      '--out',
      out(format),
    ])
    expect(files.map(({ runId }) => runId)).toEqual([1, 2])
    for (const { file } of files) expect(existsSync(file)).toBe(true)
  })

  it('prints a program that loads an export, without a library', async () => {
    const { stdout, code } = await runLab('export', '--snippet', 'numpy', '--library', out('none'))
    expect([code, stdout]).toEqual([0, snippets.numpy])
    expect(existsSync(out('none'))).toBe(false)
  })

  it.each<[string[], RegExp]>([
    [['export', '1'], /Say what to write with --format and where with --out/],
    [['export', '--format', 'npz', '--out', 'x'], /Name a run to export/],
    [['export', '1', '--format', 'hdf5', '--out', 'x'], /hdf5.*npz, safetensors, mat, onnx, csv, json, png/],
    [['export', '1', '--format', 'npz', '--what', 'rhoHat', '--out', 'x'], /Only csv holds rhoHat/],
    [['export', '9', '--format', 'npz', '--out', 'x'], /There is no run "9"/],
    [['evaluate', '--dataset', 'bars', '--weights', 'package.json'], /package\.json lacks W1/],
    [['open', 'package.json'], /package\.json is not a Rho Lab bundle/],
    [['report', '1'], /--out/],
  ])('ends with 2 and one sentence on bad input: lab %j', async (args, sentence) => {
    const { code, stdout, stderr } = await runLab(...args, ...library)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect([code, stdout]).toEqual([2, ''])
  })
})

it('lab bundle and lab open take runs to another library', async () => {
  const file = out('runs.rholab')
  const other = ['--library', out('other')]
  const written = await inLibrary<{ sizeBytes: number }>([
    'bundle',
    'first',
    'second',
    '--patches',
    '--out',
    file,
  ])
  expect(written.sizeBytes).toBe(readFileSync(file).length)
  const opened = await labJson<{ runs: unknown; datasets: unknown }>('open', file, ...other)
  expect(opened).toEqual({
    runs: [
      { id: 1, name: 'first' },
      { id: 2, name: 'second' },
    ],
    datasets: [{ id: 1, name: 'bars', isNew: true, hasPatches: true }],
  })
  const { cost } = await labJson<Trained>('show', 'second', ...other)
  expect(cost).toBe((await labJson<Trained>('show', 'second', ...library)).cost)
  // The patches came too: the same run again has the same cost.
  const again = await inLibrary<Trained>(
    ['train', '--dataset', 'bars', '--hidden', '5', '--iterations', '8', '--rho', '.05'],
    other,
  )
  expect(again.cost).toBe(cost)
  await writeFile(file, readFileSync(file).subarray(0, 5000))
  const { code, stderr } = await runLab('open', file, ...other)
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^lab: runs\.rholab is damaged.*\.\n$/)])
})

it('lab report writes one HTML file of several runs', async () => {
  await labJson('report', 'first', 'second', '--out', out('report.html'), ...library)
  expect(readFileSync(out('report.html'), 'utf8')).toContain('<h1>2 runs compared</h1>')
})
