import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSeries } from '#db/queries/iterations.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { exportRuns } from '#main/export/exportRuns.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { snippetNames, snippets } from '#shared/snippets/index.ts'
import { exportFormats, exportKindNames } from '#shared/domain/exportRequest.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'

const weightFormats = exportFormats.filter((format) => format !== 'png')

describe.each(weightFormats)('a run as %s', (format) => {
  test('has the weights of the snapshot that was asked for', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 11, snapshots: [0, 10] })
    const write = (iteration?: number) =>
      exportRun(library, id, { format, iteration, file: path.join(makeFolder(), `w.${format}`) })
    const newest = await readWeights(await write())
    expect(newest.weights).toEqual(readSnapshot(library, id, 10)?.weights)
    expect(newest.rhoHat).toEqual(readSnapshot(library, id, 10)?.rhoHat)
    expect(newest.config?.rho ?? null).toBe(format === 'csv' ? null : 0.01)
    expect((await readWeights(await write(9))).weights).toEqual(readSnapshot(library, id, 0)?.weights)
  })

  test('needs no square patches', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, {
      datasetId: await makeDataset(library, { n: 5, patchSize: null }),
      snapshots: [0],
    })
    const file = await exportRun(library, id, { format, file: path.join(makeFolder(), 'w') })
    expect((await readWeights(file)).weights.visible).toBe(5)
  })
})

test('JSON holds the settings, the record and what the run was', async () => {
  const library = makeLibrary()
  const id = await makeRun(library, { name: 'edges', iterations: 3, snapshots: [1], status: 'stopped' })
  const file = await exportRun(library, id, { format: 'json', file: path.join(makeFolder(), 'r.json') })
  const document = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>
  expect(document).toMatchObject({
    format: 'rho-lab-run',
    version: 1,
    run: { id, name: 'edges', status: 'stopped', datasetName: 'photos', weightsAtIteration: 1 },
    config: { hidden: 3 },
    metrics: { iteration: [0, 1, 2], cost: Array.from(readSeries(library, id, -1).cost) },
    rhoHat: [0.01, 0.02, 0.03],
  })
  expect((document['weights']['W2'] as number[][]).map((row) => row.length)).toEqual([3, 3, 3, 3])
})

describe('CSV', () => {
  async function lines(what: 'weights' | 'iterations' | 'rhoHat'): Promise<string[]> {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 2, snapshots: [0] })
    const file = await exportRun(library, id, { format: 'csv', what, file: path.join(makeFolder(), 't.csv') })
    return readFileSync(file, 'utf8').split('\n')
  }

  test('of weights has a line a weight', async () => {
    const all = await lines('weights')
    expect(all[0]).toBe('array,row,column,value')
    expect(all).toHaveLength(1 + 12 + 3 + 12 + 4 + 3 + 1)
    expect(all[12]).toMatch(/^W1,2,3,-?[\d.e-]+$/)
    expect(all.at(-2)).toBe('rhoHat,2,0,0.03')
  })

  test('of iterations has a line a quantity', async () => {
    const all = await lines('iterations')
    expect(all[0]).toBe('iteration,metric,value')
    expect(all).toContain('1,cost,1.25')
    expect(all).toContain('1,weightDecay,0.125')
    // Nothing is held out, so there is nothing to say.
    expect(all.filter((line) => line.includes('validation'))).toEqual(['0,validation,', '1,validation,'])
  })

  test('of ρ̂ has a line a hidden unit', async () => {
    expect(await lines('rhoHat')).toEqual([
      'iteration,unit,rhoHat',
      '0,0,0.01',
      '0,1,0.02',
      '0,2,0.03',
      '1,0,0.01',
      '1,1,0.02',
      '1,2,0.03',
      '',
    ])
  })

  test('is the only table: other formats have their own content', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { iterations: 1, snapshots: [0] })
    const file = path.join(makeFolder(), 'w.mat')
    await expect(exportRun(library, id, { format: 'mat', what: 'rhoHat', file })).rejects.toMatchObject({
      code: 'badUsage',
    })
  })
})

describe('several runs', () => {
  test('go into a folder, which is made, each under a name of its own', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const ids = []
    for (const name of ['edges', 'edges', '../../λ: "x"']) {
      ids.push(await makeRun(library, { datasetId, name, snapshots: [0] }))
    }
    const folder = path.join(makeFolder(), 'new', 'folder')
    const files = await exportRuns(library, ids, folder, { format: 'npz' })
    expect(files.map(({ runId }) => runId)).toEqual(ids)
    expect(readdirSync(folder).sort()).toEqual(['1 edges.npz', '2 edges.npz', '3 λ x.npz'])
    expect(files.every(({ file }) => path.dirname(file) === folder)).toBe(true)
  })

  test('do not take the place of a file', async () => {
    const library = makeLibrary()
    const file = path.join(makeFolder(), 'w.npz')
    writeFileSync(file, 'mine')
    await expect(exportRuns(library, [], file, { format: 'npz' })).rejects.toThrow(/cannot be made a folder/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })
})

test('the dialog names every format with its ending', () => {
  for (const format of exportFormats) expect(exportKindNames[format]).toContain(`(.${format})`)
})

test('the snippets in docs/formats.md are those that the command line prints', () => {
  const docs = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  for (const name of snippetNames) expect(docs).toContain(`\n${snippets[name]}\`\`\``)
})
