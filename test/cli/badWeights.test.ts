import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listRuns } from '#db/queries/runs.ts'
import { exportedOf, withoutABias, writers } from '../export/exported.ts'
import { runLab } from './runLab.ts'

// Weights of a wrong shape: one sentence that names the file and the mend, exit code 2, the library as it was.

let folder: string
let library: string
const at = (name: string) => path.join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-bad-weights-'))
  library = path.join(folder, 'library')
  await runLab('generate', 'bars', '--patches', '200', '--library', library)
  const whole = writers['npz'](exportedOf(4, 64))
  await writeFile(at('short.json'), withoutABias(4, 64))
  await writeFile(at('cut.npz'), whole.subarray(0, whole.length - 300))
  await writeFile(at('small.safetensors'), writers['safetensors'](exportedOf(4, 9)))
})
afterAll(() => rm(folder, { recursive: true }))

const commands: [name: string, args: (file: string) => string[]][] = [
  ['train --init', (file) => ['train', '--dataset', 'bars', '--init', file]],
  ['import-weights', (file) => ['import-weights', file, '--dataset', 'bars']],
  ['evaluate --weights', (file) => ['evaluate', '--weights', file, '--dataset', 'bars']],
]

describe.each(commands)('%s refuses', (_command, args) => {
  it.each([
    ['arrays that do not fit together', 'short.json', /b1 in short\.json has shape 3\. .*4 values/],
    ['a file cut short', 'cut.npz', /cut\.npz/],
    ['weights for other patches', 'small.safetensors', /\b9\b.*\b64\b/],
  ])('%s', async (_what, file, sentence) => {
    const { code, stdout, stderr } = await runLab(...args(at(file)), '--library', library, '--json')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    const opened = openLibrary(library)
    expect(listRuns(opened)).toEqual([])
    opened.close()
  })
})
