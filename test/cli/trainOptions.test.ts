import { beforeAll, expect, it } from 'vitest'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

let library: string
const inLibrary = (...args: string[]) => [...args, '--library', library]
const train = (...args: string[]) =>
  inLibrary('train', '--dataset', 'bars', '--hidden', '5', '--iterations', '6', ...args)

interface Trained {
  runId: number
  iterations: number
  cost: number
  reconstruction: number
  validation: number | null
  outcome: string
  varianceExplained: number | null
  varianceExplainedHeldOut: number | null
  dead: number
  remarks: string[]
}

beforeAll(async () => {
  library = await temporaryFolder()
  await labJson(...inLibrary('generate', 'bars', '--patches', '300', '--patch', '4', '--name', 'bars'))
})

it('trains with a schedule and patches held out, the same twice', async () => {
  const args = ['--optimizer', 'adam', '--batch', '32', '--schedule', 'cosine', '--validation', '0.2']
  const [first, second] = [
    await labJson<Trained>(...train(...args)),
    await labJson<Trained>(...train(...args)),
  ]
  expect(first).toMatchObject({ iterations: 6, validation: expect.any(Number) as number })
  expect([second.cost, second.validation]).toEqual([first.cost, first.validation])
  const shown = await runLab(...inLibrary('show', String(first.runId)))
  expect(shown.stdout).toMatch(/of patches held out\s+\d\.\d/)
  expect(shown.stdout).toMatch(/schedule\s+cosine/)
})

it('says what a run explains of the patches trained on and held out, why it ended, and what is wrong with it', async () => {
  const held = await labJson<Trained>(...train('--validation', '0.2'))
  expect(held.outcome).toBe('maxIterations')
  expect(held.varianceExplained).toBeLessThan(1)
  expect(held.varianceExplainedHeldOut).toBeLessThan(1)
  // A weight decay that leaves nothing: every output is the mean.
  const args = ['--lambda', '100', '--beta', '0', '--iterations', '30']
  const collapsed = await labJson<Trained>(...train(...args))
  expect(collapsed.varianceExplained).toBeLessThan(0.01)
  expect(collapsed.varianceExplainedHeldOut).toBeNull()
  expect(collapsed.remarks.join()).toMatch(/has collapsed/)
  const { stdout } = await runLab(...train(...args))
  expect(stdout).toMatch(/Ended\s+\w+/)
  expect(stdout).toMatch(/Variance explained\s+-?\d/)
  expect(stdout).toMatch(/Dead units\s+\d+ of 5/)
  expect(stdout).toMatch(/has collapsed/)
})

it('trains on all patches unless told otherwise', async () => {
  expect(await labJson<Trained>(...train())).toMatchObject({ validation: null })
})

it.each([
  [['--lambda', '0,001'], /write decimals with a point: 0\.001/],
  [['--hidden', '1.000'], /could be 1000 or 1/],
  [['--validation', '0.7'], /validation share must be at most 0\.5/],
  [['--optimizer', 'adam', '--schedule', 'linear'], /constant, step, cosine/],
  [
    ['--optimizer', 'adam', '--schedule', 'step', '--decay-factor', '2'],
    /decay factor must be smaller than 1/,
  ],
])('refuses %j with exit code 2 and a sentence', async (args, message) => {
  const { code, stderr } = await runLab(...train(...args))
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
