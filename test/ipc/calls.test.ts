import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { claimRun, endRun, listRuns } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { fileName } from '#main/export/fileName.ts'
import { spread } from '#main/ipc/reconstruct.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { dropChannel } from '#shared/ipc/channels.ts'
import { defaultView, type TableView } from '#shared/query/tableView.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { pointNotation } from '#shared/numbers/typedNumber.ts'
import { openTestLab, type TestLab } from './lab.ts'

let lab: TestLab
beforeEach(async () => void (lab = await openTestLab()))
afterEach(() => lab.close())

const start = (datasetId: number) => ({
  datasetId,
  config: defaultConfig,
  name: 'first',
  preset: null,
  tags: ['a'],
})

describe('sources', () => {
  test('the window gets a token for the folder that was chosen, and imports by it', async () => {
    const folder = join(lab.folder, 'photos')
    mkdirSync(folder)
    lab.answers.source = folder
    const source = await lab.call('sources.choose', 'folder')
    expect(source).toMatchObject({ kind: 'folder', name: 'photos' })
    const dataset = await lab.call('datasets.import', source?.token ?? '', 'holiday', defaultSampling)
    expect(dataset.name).toBe('holiday')
    expect(lab.asked).toEqual([
      `import ${JSON.stringify({ kind: 'folder', path: folder })} as holiday`,
      'changed datasets',
    ])
  })

  test('a dialog that is cancelled chooses nothing', async () => {
    expect(await lab.call('sources.choose', 'array')).toBeNull()
  })

  test('a drop is a source like any other', async () => {
    expect(await lab.call(dropChannel, lab.folder)).toMatchObject({ kind: 'folder', displayPath: lab.folder })
  })

  test('a path is no token', async () => {
    const reply = await lab.send('datasets.import', [lab.folder, 'x', defaultSampling])
    expect(reply).toMatchObject({ ok: false, error: { code: 'notFound' } })
    expect(lab.asked).toEqual([])
  })
})

describe('the gradient check', () => {
  test('names the engine, the difference in each part, and the verdict', async () => {
    const config = { ...defaultConfig, hidden: 3, engine: 'reference' } as const
    const check = await lab.call('gradient.check', await lab.insertDataset(), config)
    expect(check).toMatchObject({ engine: 'reference', precision: 'float64', patches: 10, passed: true })
    expect(Object.keys(check.parts)).toEqual(['W1', 'W2', 'b1', 'b2'])
    expect(check.normRatio).toBeLessThan(check.limit)
  })
})

describe('the demo', () => {
  test('in an empty library makes the sample images and queues the Edges preset on them', async () => {
    const run = await lab.call('demo.start')
    expect(run).toMatchObject({ name: 'Edges from sample images', preset: 'edges', status: 'running' })
    expect(run.config).toEqual(defaultConfig)
    expect(lab.asked).toEqual([
      'import {"kind":"generate","generator":"natural"} as Sample images',
      'changed datasets',
      'changed runs,datasets',
      `launch ${run.id}`,
    ])
    expect(await lab.call('library.summary')).toMatchObject({ runs: 1, datasets: 1, obstacle: null })
  })

  test('of noise and structure makes both datasets and trains the same network', async () => {
    const runs = await lab.call('demo.noise')
    expect(runs.map(({ name, datasetName, preset }) => ({ name, datasetName, preset }))).toEqual([
      { name: 'Noise', datasetName: 'Gaussian noise, 10 × 10', preset: 'noise' },
      { name: 'Structure', datasetName: 'Sample images, 10 × 10', preset: 'noise' },
    ])
    expect(runs[0].config).toEqual(runs[1].config)
    expect(runs[0].config).toMatchObject({ hidden: 50, beta: 0, lambda: 1e-4, iterations: 400 })
    expect(await lab.call('library.summary')).toMatchObject({ runs: 2, datasets: 2 })
  })

  test('does not take other images for the sample images', async () => {
    await lab.call('datasets.generate', 'natural', 'mine', { ...defaultSampling, seed: 2 })
    lab.asked.splice(0)
    await lab.call('demo.start')
    expect(lab.asked[0]).toMatch(/^import .* as Sample images$/)
  })
})

describe('a run', () => {
  test('starts and is known at once; the next one waits for it', async () => {
    const datasetId = await lab.insertDataset()
    const run = await lab.call('runs.start', start(datasetId))
    expect(run).toMatchObject({ name: 'first', status: 'running', tags: ['a'], datasetName: 'tiny' })
    expect(lab.asked).toEqual(['changed runs,datasets', `launch ${run.id}`])
    expect(await lab.call('runs.start', start(datasetId))).toMatchObject({ status: 'queued' })
    expect(lab.asked.filter((what) => what.startsWith('launch'))).toHaveLength(1)
    expect((await lab.call('runs.get', run.id)).machine).toBe('a test machine')
    expect(await lab.call('datasets.list')).toMatchObject([{ runs: 2 }])
  })

  test('of a dataset that is not there is refused, and leaves no row', async () => {
    expect(await lab.send('runs.start', [start(5)])).toMatchObject({ ok: false, error: { code: 'notFound' } })
    expect(listRuns(lab.library)).toEqual([])
    expect(lab.asked).toEqual([])
  })

  test('is stopped, and resumed', async () => {
    const { id } = await lab.call('runs.start', start(await lab.insertDataset()))
    await lab.call('runs.stop', id)
    expect(listRuns(lab.library)).toMatchObject([{ status: 'stopped' }])
    expect(await lab.call('runs.resume', id)).toMatchObject({ status: 'running' })
    expect(lab.asked.filter((what) => what.startsWith('launch'))).toHaveLength(2)
  })

  test('that a crash left in the queue can be resumed', async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    expect(await lab.call('runs.resume', runId)).toMatchObject({ status: 'running' })
  })

  test('that is finished cannot', async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    claimRun(lab.library, runId, 'us', momentNow())
    endRun(lab.library, runId, { status: 'finished', outcome: 'converged', message: null, now: momentNow() })
    expect(await lab.send('runs.resume', [runId])).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(lab.asked).toEqual([])
  })

  test('can be renamed, tagged, annotated and removed, and the window is told each time', async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    expect(await lab.call('runs.rename', runId, 'second')).toMatchObject({ name: 'second' })
    expect(await lab.call('runs.setTags', runId, ['b', 'a'])).toMatchObject({ tags: ['a', 'b'] })
    await lab.call('runs.setNotes', runId, 'good edges')
    expect((await lab.call('runs.get', runId)).notes).toBe('good edges')
    await lab.call('runs.archive', [runId])
    expect(await lab.call('runs.get', runId)).toMatchObject({ isArchived: true })
    await lab.call('runs.remove', [runId])
    expect(listRuns(lab.library)).toEqual([])
    const runs = 'changed runs'
    expect(lab.asked).toEqual([runs, runs, runs, runs, 'changed runs,datasets'])
  })

  test('that was deleted is there again when that is taken back', async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    await lab.call('runs.remove', [runId])
    expect(await lab.send('runs.get', [runId])).toMatchObject({ ok: false, error: { code: 'notFound' } })
    await lab.call('runs.restore', [runId])
    expect(await lab.call('runs.get', runId)).toMatchObject({ name: 'first' })
  })

  test('that waits in the queue leaves it when it is deleted', async () => {
    const datasetId = await lab.insertDataset()
    await lab.call('runs.start', start(datasetId))
    const { id } = await lab.call('runs.start', start(datasetId))
    await lab.call('runs.remove', [id])
    expect(lab.sessions.queued()).toEqual([])
    await lab.call('runs.restore', [id])
    expect(await lab.call('runs.get', id)).toMatchObject({ status: 'stopped' })
  })

  test('holds its dataset: that cannot be removed before it', async () => {
    const datasetId = await lab.insertDataset()
    lab.insertRun(datasetId)
    expect(await lab.send('datasets.remove', [datasetId])).toMatchObject({ error: { code: 'conflict' } })
    expect(lab.asked).toEqual([])
  })
})

describe('the table', () => {
  test('is written as CSV: the columns and runs of the view, in its order', async () => {
    const datasetId = await lab.insertDataset()
    for (const name of ['b, c', 'a', 'other']) lab.insertRun(datasetId, name)
    lab.answers.exportFile = join(lab.folder, 'runs.csv')
    const view: TableView = {
      ...defaultView,
      query: '-other',
      columns: ['name', 'rho', 'sparkline'],
      sort: [{ key: 'name', descending: false }],
    }
    expect(await lab.call('runs.writeCsv', view, pointNotation)).toBe(lab.answers.exportFile)
    expect(readFileSync(lab.answers.exportFile, 'utf8').split('\r\n')).toEqual([
      'id,name,rho,status',
      '2,a,0.01,queued',
      '1,"b, c",0.01,queued',
      '',
    ])
  })

  test('is not written where the dialog is cancelled', async () => {
    expect(await lab.call('runs.writeCsv', defaultView, pointNotation)).toBeNull()
  })
})

describe('watching a run live', () => {
  test('that is trained here hands the window a port', async () => {
    const { id } = await lab.call('runs.start', start(await lab.insertDataset()))
    lab.asked.splice(0)
    expect(await lab.call('live.watch', id)).toBe(true)
    expect(lab.asked).toEqual([`port ${id}`, `watch ${id}`])
  })

  test('that is trained elsewhere, or not at all, hands out none', async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    expect(await lab.call('live.watch', runId)).toBe(false)
    expect(lab.asked).toEqual([])
  })
})

describe('reconstructions', () => {
  const hidden = 3
  const runWithWeights = async () => {
    const runId = lab.insertRun(await lab.insertDataset())
    const theta = new Float32Array(thetaLayout({ n: 4, h: hidden }).length)
    await writeSnapshot(lab.library, runId, 10, theta, new Float32Array(hidden))
    return runId
  }

  test('are of patches spread over the whole dataset', async () => {
    const shown = await lab.call('runs.reconstructions', await runWithWeights(), 400, 4)
    // Patch i of the tiny dataset is i / 16 everywhere; of 16, these are the middles of four quarters.
    expect(shown?.count).toBe(4)
    expect(Array.from(shown?.patches ?? [])).toEqual([2, 6, 10, 14].flatMap((i) => Array(4).fill(i / 16)))
    // With all weights 0 every output of the sigmoid decoder is one half.
    expect(Array.from(shown?.outputs ?? [])).toEqual(Array(16).fill(0.5))
  })

  test('are all patches where there are fewer than asked for', async () => {
    expect((await lab.call('runs.reconstructions', await runWithWeights(), 400, 24))?.count).toBe(16)
  })

  test('are none before the first snapshot', async () => {
    expect(await lab.call('runs.reconstructions', await runWithWeights(), 9, 4)).toBeNull()
  })

  test.each([
    [10, 1, [5]],
    [10, 3, [1, 5, 8]],
    [3, 5, [0, 1, 2]],
    [1, 1, [0]],
  ])('%i patches spread to %i', (m, count, rows) => expect(spread(m, count)).toEqual(rows))
})

describe('export', () => {
  test.each([
    ['../../etc/passwd', 'etc passwd'],
    ['CON: a|b?', 'CON a b'],
    ['...', 'run'],
    ['ends with dots. .', 'ends with dots'],
    ['\u0000\n', 'run'],
    ['ρ̂ = 0.01', 'ρ̂ = 0.01'],
  ])('proposes for the run "%s" the file "%s"', (name, file) => expect(fileName(name)).toBe(file))
})
