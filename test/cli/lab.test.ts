import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import { pythonWith } from '../export/python.ts'
import { labJson, photos, runLab, startLab, temporaryFolder } from './runLab.ts'

let folder: string
let library: string[]

interface TrainResult {
  runId: number
  status: string
  iterations: number
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
  rhoHat: { min: number; mean: number; max: number }
  engine: string
  device: string
  elapsedMs: number
  evaluations: number
}

beforeAll(async () => {
  folder = await temporaryFolder()
  library = ['--library', path.join(folder, 'library')]
})

describe('from photographs to weights on the command line', () => {
  let trained: TrainResult

  it('imports a folder and names the file that is no image', async () => {
    const source = path.join(folder, 'holiday')
    await mkdir(source)
    for (const name of ['dune.jpg', 'wood.jpg', 'garden.jpg', 'ladybird.jpg']) {
      await copyFile(path.join(photos, name), path.join(source, name))
    }
    await writeFile(path.join(source, 'broken.png'), 'not a picture')
    const result = await labJson<{
      datasetId: number
      name: string
      patches: number
      visible: number
      skipped: { file: string; reason: string }[]
    }>('import', source, '--patches', '2000', ...library)
    expect(result).toMatchObject({ name: 'holiday', patches: 2000, visible: 64 })
    expect(result.skipped).toHaveLength(1)
    expect(result.skipped[0].file).toBe('broken.png')
    expect(result.skipped[0].reason).toMatch(/\.$/)
  })

  it('trains, and the parts of the cost add up', async () => {
    trained = await labJson<TrainResult>(
      'train',
      '--dataset',
      'holiday',
      '--preset',
      'edges',
      '--iterations',
      '60',
      '--tag',
      'first',
      ...library,
    )
    expect(trained).toMatchObject({ status: 'finished', iterations: 60, engine: 'onnx' })
    expect(trained.reconstruction + trained.weightDecay + trained.sparsity).toBeCloseTo(trained.cost, 6)
    expect(trained.rhoHat.min).toBeLessThanOrEqual(trained.rhoHat.mean)
    expect(trained.evaluations).toBeGreaterThanOrEqual(60)
  })

  it('is the same run again, bit for bit, with the same seed', async () => {
    const again = await labJson<TrainResult>(
      'train',
      '--dataset',
      'holiday',
      '--preset',
      'edges',
      '--iterations',
      '60',
      ...library,
    )
    expect(again.cost).toBe(trained.cost)
    expect(again.rhoHat).toEqual(trained.rhoHat)
  })

  it('exports weights whose evaluation gives the cost of the run', async () => {
    const weights = path.join(folder, 'weights.npz')
    await labJson('export', String(trained.runId), '--format', 'npz', '--out', weights, ...library)
    const evaluation = await labJson<{ cost: number; rhoHat: number[]; gradientNorm: number }>(
      'evaluate',
      '--weights',
      weights,
      '--dataset',
      'holiday',
      '--rho',
      '.01',
      ...library,
    )
    expect(evaluation.cost).toBeCloseTo(trained.cost, 4)
    expect(evaluation.rhoHat).toHaveLength(25)
    expect(evaluation.gradientNorm).toBeGreaterThan(0)
  })

  it('goes on from exported weights instead of random ones', async () => {
    const weights = path.join(folder, 'weights.npz')
    const more = await labJson<TrainResult>(
      'train',
      '--dataset',
      'holiday',
      '--preset',
      'edges',
      '--iterations',
      '5',
      '--init',
      weights,
      ...library,
    )
    expect(more.cost).toBeLessThanOrEqual(trained.cost * 1.0001)
  })

  it('draws the filters as a PNG', async () => {
    const file = path.join(folder, 'filters.png')
    await labJson('export', String(trained.runId), '--format', 'png', '--out', file, ...library)
    expect((await readFile(file)).subarray(1, 4).toString()).toBe('PNG')
  })

  it('lists, sorts, filters, shows and compares runs', async () => {
    await labJson<TrainResult>(
      'train',
      '--dataset',
      'holiday',
      '--rho',
      '.05',
      '--iterations',
      '20',
      ...library,
    )
    const runs = await labJson<
      { id: number; name: string; status: string; iterations: number; cost: number }[]
    >('runs', '--sort', 'cost', ...library)
    const costs = runs.map(({ cost }) => cost)
    expect(costs).toEqual([...costs].sort((a, b) => a - b))
    const found = await labJson<{ config: { rho: number } }[]>('runs', '--filter', 'rho=0.05', ...library)
    expect(found.map(({ config }) => config.rho)).toEqual([0.05])
    const csv = await runLab('runs', '--csv', '--sort', 'rho,-cost', ...library)
    const [head, first] = csv.stdout.trim().split('\r\n')
    expect(first.split(',')[head.split(',').indexOf('rho')]).toBe('0.01')
    expect(csv.stdout.trim().split('\r\n')).toHaveLength(runs.length + 1)
    const shown = await labJson<{ snapshots: { iteration: number }[] }>('show', '1', ...library)
    expect(shown.snapshots[0].iteration).toBe(0)
    const png = path.join(folder, 'compare.png')
    const { differs, matches } = await labJson<{
      differs: { setting: string }[]
      matches: {
        runs: number[]
        similarity: number
        matchedShare: number
        pairs: { rows: number[]; cosine: number }[]
      }[]
    }>('compare', '1', '4', '--png', png, ...library)
    expect(differs.map(({ setting }) => setting)).toEqual(['rho', 'iterations'])
    expect(existsSync(png)).toBe(true)
    const [match] = matches
    expect(match.runs).toEqual([1, 4])
    const cosines = match.pairs.map(({ cosine }) => cosine)
    expect(match.similarity).toBeCloseTo(cosines.reduce((sum, cosine) => sum + cosine) / cosines.length, 4)
    expect(new Set(match.pairs.map(({ rows }) => rows[1])).size).toBe(cosines.length)
    const { stdout } = await runLab('compare', '1', '4', ...library)
    expect(stdout).toMatch(/filters of +mean cosine +above 0\.7\n1 and 4 +0\.\d\d +\d+%/)
  })

  it('checks the gradient of every engine of this machine', async () => {
    for (const engine of ['onnx', 'wasm', 'reference']) {
      const check = await labJson<{ passed: boolean; engine: string }>(
        'gradcheck',
        '--dataset',
        'holiday',
        '--hidden',
        '5',
        '--engine',
        engine,
        ...library,
      )
      expect(check).toMatchObject({ passed: true, engine })
    }
  })

  it('removes a run', async () => {
    await labJson('rm', '1', ...library)
    const { code, stderr } = await runLab('show', '1', ...library)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^lab: .*1/)
  })
})

describe('what a program may rely on', () => {
  it('prints one JSON document and nothing else, on standard output', async () => {
    const { stdout, stderr, code } = await startLab('datasets', '--json', ...library)
    expect(code).toBe(0)
    expect(Array.isArray(JSON.parse(stdout))).toBe(true)
    expect(stderr).toBe('')
  })

  it('names every engine with whether it is available, why, and which one auto takes', async () => {
    const engines =
      await labJson<{ engine: string; available: boolean; device: string; reason: string; auto: boolean }[]>(
        'engines',
      )
    expect(engines.map(({ engine }) => engine).sort()).toEqual(['gpu', 'onnx', 'reference', 'wasm'])
    expect(engines.every(({ reason }) => reason.endsWith('.'))).toBe(true)
    expect(engines.filter(({ auto }) => auto)).toHaveLength(1)
  })

  it.each([
    [['train', '--dataset', 'holiday', '--rho', '1'], /ρ must lie between 0 and 1/],
    [['train', '--dataset', 'holiday', '--rho', '0'], /ρ must lie between 0 and 1/],
    [['train', '--dataset', 'holiday', '--rho=-0.1'], /ρ must lie between 0 and 1/],
    [['sweep', '--dataset', 'holiday', '--grid', 'rho=.01,1.5'], /ρ must lie between 0 and 1/],
    [['train', '--dataset', 'holiday', '--rho', 'much'], /must be a number/],
    [['train', '--dataset', 'holiday', '--hidden', '0'], /Hidden units must be at least 1/],
    [['train', '--dataset', 'holiday', '--hidden', '2.5'], /Hidden units must be a whole number/],
    [['gradcheck', '--dataset', 'holiday', '--hidden', '0'], /Hidden units must be at least 1/],
    [['train', '--dataset', 'holiday', '--preset', 'corners'], /no preset "corners".*edges/],
    [['train', '--dataset', 'nowhere'], /nowhere/],
    [['train'], /--dataset/],
    [['show', '999'], /999/],
    [['compare', '2'], /two runs/],
    [['import', '/does/not/exist'], /does not exist/],
    [['frobnicate'], /frobnicate/],
    [['generate', 'dreams'], /dreams/],
  ])('ends with 2 and one sentence on bad input: lab %j', async (args, sentence) => {
    const { code, stdout, stderr } = await runLab(...args, ...library)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/\n\s+at /)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  it('ends with 2 on an empty folder and leaves the library as it was', async () => {
    const empty = path.join(folder, 'empty')
    await mkdir(empty)
    const before = (await runLab('datasets', '--json', ...library)).stdout
    const { code, stderr } = await runLab('import', empty, ...library)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^lab: .*\.\n$/)
    expect((await runLab('datasets', '--json', ...library)).stdout).toBe(before)
  })
})

describe('Ctrl-C', () => {
  it('keeps a checkpoint, ends with 130, and resume goes on to the very end of the uninterrupted run', async () => {
    const args = ['train', '--dataset', 'holiday', '--iterations', '500', '--hidden', '60', ...library]
    const whole = await labJson<TrainResult>(...args)
    const lab = fileURLToPath(new URL('../../main/cli/lab.ts', import.meta.url))
    const child = spawn(process.execPath, [lab, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    child.stdout.on('data', (chunk) => (stdout += chunk))
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve))
    await untilTraining()
    child.kill('SIGINT')
    expect(await exited).toBe(130)
    const stopped = JSON.parse(stdout) as TrainResult
    expect(stopped.status).toBe('stopped')
    expect(stopped.iterations).toBeLessThan(500)
    const resumed = await labJson<TrainResult>('resume', String(stopped.runId), ...library)
    expect(resumed).toMatchObject({ status: 'finished', cost: whole.cost, iterations: whole.iterations })
  })

  async function untilTraining() {
    const opened = openLibrary(library[1])
    while (!listRuns(opened).some(({ status, iterations }) => status === 'running' && iterations > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    opened.close()
  }
})

describe('the demo', () => {
  it('ends with weights that NumPy can read and a picture of the filters', async () => {
    const out = path.join(folder, 'demo')
    const { code, stdout } = await runLab('demo', '--out', out, ...library)
    expect(code).toBe(0)
    expect(stdout).toContain(path.join(out, 'weights.npz'))
    expect(stdout).toContain('npm start')
    expect(readFileSync(path.join(out, 'filters.png')).length).toBeGreaterThan(1000)
    // Where NumPy is not here, test/export reads the same format byte by byte.
    const shapes = pythonWith('numpy')?.run(
      `import numpy as np; a = np.load(${JSON.stringify(path.join(out, 'weights.npz'))}); print(a['W1'].shape, a['W2'].shape, a['b1'].dtype)`,
    )
    if (shapes !== undefined) expect(shapes).toBe('(25, 64) (64, 25) float32')
  })
})
