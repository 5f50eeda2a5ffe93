import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatNpy } from '#main/dataset/npy.ts'
import { reproducing } from '#main/engine/engine.ts'
import { costAt } from '#main/engine/reference/costAt.ts'
import { formatNpz } from '#main/export/npz.ts'
import { storedDefaults } from '#shared/domain/runConfig.ts'
import { initialTheta, thetaViews } from '#shared/model/theta.ts'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

// What is computed without a word and means nothing: said, and not refused.

const [m, n, h] = [40, 9, 4]
const size = { n, h }

let folder: string
let library: string[]
const at = (name: string) => path.join(folder, name)

/** Rows of values that rise and fall between two ends. */
const rows = (low: number, high: number) =>
  Float32Array.from({ length: m * n }, (_, i) => low + (high - low) * (0.5 + 0.5 * Math.sin(i * i + i)))
/** Weights in float64, none of which float32 holds exactly. */
const theta = initialTheta(size, { seed: 5 }).map((value) => value + 1e-9)

async function writeWeights(name: string, bias: number): Promise<string> {
  const { W1, W2, b1, b2 } = thetaViews(theta.slice(), size)
  b1[1] = bias
  const arrays = {
    W1: { shape: [h, n], values: W1 },
    W2: { shape: [n, h], values: W2 },
    b1: { shape: [h], values: b1 },
    b2: { shape: [n], values: b2 },
  }
  await writeFile(at(name), formatNpz(arrays))
  return at(name)
}

interface Said {
  cost: number
  remarks: string[]
}

beforeAll(async () => {
  folder = await temporaryFolder()
  library = ['--library', at('library')]
  for (const [name, low, high] of [
    ['unit', 0.1, 0.9],
    ['signed', -1, 1],
    ['bytes', 0, 255],
    ['bright', 200, 255],
  ] as const) {
    await writeFile(at(`${name}.npy`), formatNpy([m, n], rows(low, high)))
    const { remarks } = await labJson<Said>('import', at(`${name}.npy`), ...library)
    if (name === 'unit') expect(remarks).toEqual([])
    else
      expect(remarks.join()).toMatch(/^The patches hold values from .* a sigmoid decoder gives only 0 to 1\./)
  }
})

describe('values that the decoder cannot reach', () => {
  const train = (dataset: string, ...args: string[]) =>
    runLab('train', '--dataset', dataset, '--hidden', '2', '--iterations', '2', ...args, ...library)

  it.each([
    ['signed', [], /values from −1 to 1; a sigmoid decoder gives only 0 to 1\. .*--normalize squash\n/],
    ['bytes', [], /values from 0.* to 255; a sigmoid decoder/],
    [
      'bytes',
      ['--activation', 'tanh'],
      /a tanh decoder gives only −1 to 1\. .*--normalize squash --range tanh/,
    ],
  ])('are said before training on %s %j', async (dataset, args, sentence) => {
    const { stderr, stdout } = await train(dataset, ...args, '--json')
    expect(stderr).toMatch(sentence)
    expect(JSON.parse(stdout)).toHaveProperty('runId')
  })

  it('are said once for each dataset and decoder before a sweep', async () => {
    const grid = ['--grid', 'dataset=unit,bytes', '--grid', 'rho=.05,.1', '--grid', 'decoder=same,linear']
    const { code, stderr } = await runLab('sweep', ...grid, '--hidden', '2', '--iterations', '1', ...library)
    expect(code).toBe(0)
    expect(stderr.match(/a sigmoid decoder gives only 0 to 1/g)).toHaveLength(1)
  })

  it.each([
    ['unit', []],
    ['signed', ['--activation', 'tanh']],
    ['bytes', ['--decoder', 'linear']],
  ])('are none on %s %j', async (dataset, args) => {
    expect((await train(dataset, ...args)).stderr).not.toContain('decoder gives only')
  })
})

it('evaluates weights in float64 as they are, not rounded to float32', async () => {
  const file = await writeWeights('exact.npz', 0.5)
  const args = ['--weights', file, '--dataset', 'unit', '--engine', 'reference', ...library]
  const { cost } = await labJson<Said>('evaluate', ...args)
  const exact = theta.slice()
  thetaViews(exact, size).b1[1] = 0.5
  const costOf = (at: Float64Array) =>
    costAt(at, size, { ...storedDefaults, hidden: h }, reproducing(rows(0.1, 0.9)), m)
  expect(Math.abs(cost / costOf(exact) - 1)).toBeLessThan(1e-14)
  expect(Math.abs(cost / costOf(exact.map(Math.fround)) - 1)).toBeGreaterThan(1e-11)
})

describe('weights that learnt from patches normalised otherwise', () => {
  const other = /learnt from patches normalised by "none"; those of "squashed" are by "squash, range sigmoid"/
  beforeAll(async () => {
    await labJson('derive', 'signed', '--normalize', 'squash', '--name', 'squashed', ...library)
    const settings = ['--hidden', '2', '--iterations', '2', '--decoder', 'linear', '--name', 'learnt']
    await labJson('train', '--dataset', 'signed', ...settings, ...library)
  })

  it.each(['npz', 'safetensors', 'mat', 'onnx', 'json'])(
    'are told by the %s that holds them',
    async (format) => {
      const file = at(`learnt.${format}`)
      await labJson('export', 'learnt', '--format', format, '--out', file, ...library)
      const on = async (dataset: string) =>
        (await labJson<Said>('evaluate', '--weights', file, '--dataset', dataset, ...library)).remarks.join()
      expect(await on('squashed')).toMatch(other)
      expect(await on('signed')).toBe('')
    },
  )

  it('are told when they are taken in as a run', async () => {
    await labJson('export', 'learnt', '--format', 'npz', '--out', at('learnt.npz'), ...library)
    const args = ['import-weights', at('learnt.npz'), '--dataset', 'squashed', ...library]
    expect((await labJson<Said>(...args)).remarks.join()).toMatch(other)
    expect((await runLab(...args)).stdout).toMatch(other)
  })
})

describe('a saturated unit is named, with its average and the mend', () => {
  const sentence = /Unit 2 is saturated: its average activation ρ̂ is .*The bias is -200: start from weights/

  it('by evaluate', async () => {
    const args = [
      'evaluate',
      '--weights',
      await writeWeights('far.npz', -200),
      '--dataset',
      'unit',
      ...library,
    ]
    expect((await labJson<Said>(...args)).remarks.join()).toMatch(sentence)
    expect((await runLab(...args)).stdout).toMatch(sentence)
  })

  it('by import-weights, and in the notes of the run', async () => {
    const file = await writeWeights('far.npz', -200)
    const args = ['import-weights', file, '--dataset', 'unit', ...library]
    const { runId, remarks } = await labJson<Said & { runId: number }>(...args)
    expect(remarks.join()).toMatch(sentence)
    expect((await labJson<{ notes: string }>('show', String(runId), ...library)).notes).toMatch(sentence)
  })

  it('by gradcheck', async () => {
    const args = ['gradcheck', '--dataset', 'bright', '--hidden', '4', '--engine', 'reference', ...library]
    const { stdout } = await runLab(...args)
    expect(stdout).toMatch(/saturated: .*Values of the patches are too large/)
  })

  it('and nothing is said of weights that are well', async () => {
    const file = await writeWeights('well.npz', 0.1)
    const args = ['evaluate', '--weights', file, '--dataset', 'unit', ...library]
    expect((await labJson<Said>(...args)).remarks).toEqual([])
  })
})
