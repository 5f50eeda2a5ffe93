import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary } from '#db/library.ts'
import { newOwner } from '#db/owner.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { claimRun, getRun, listRuns } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { labJson, runLab, startLab, temporaryFolder } from '../cli/runLab.ts'
import { addRun, libraryWithBars, trainAll } from '../session/bars.ts'
import { thorough } from '../thorough.ts'
import { makeSmallDisk, noSmallDisk, type SmallDisk } from './smallDisk.ts'

const obstacle = noSmallDisk()
if (obstacle) console.warn(`Full and read-only disks are not tested. ${obstacle}`)

describe.skipIf(obstacle)('the command line on', () => {
  let disk: SmallDisk
  let folder: string
  const lab = (...args: string[]) => startLab(...args, '--library', folder)

  beforeEach(() => {
    disk = makeSmallDisk(8)
    folder = path.join(disk.folder, 'library')
  })
  afterEach(() => disk.remove())

  test('a disk that fills up in mid-training: one sentence, nothing lost, and on it goes when there is space', async () => {
    const { library, datasetId } = await libraryWithBars(folder)
    const settings = { optimiser: 'adam', iterations: 400 } as const
    const [whole, stopped] = [addRun(library, datasetId, settings), addRun(library, datasetId, settings)]
    await trainAll(library, [whole])
    const training = lab('resume', String(stopped))
    while (getRun(library, stopped).iterations < 20) await new Promise((resolve) => setTimeout(resolve, 10))
    // What has been read shows how far it was; nobody else holds the library while the disk is full.
    const seen = getRun(library, stopped).iterations
    library.close()
    const makeSpace = disk.fill()
    expect(await training).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^lab: The disk that holds \S+ is full\. Make space and try again; nothing was lost\.\n$/,
      ) as string,
    })

    // What is there can be looked at all the same.
    const listed = await labJson<{ id: number; iterations: number }[]>('runs', '--library', folder)
    expect(listed.find(({ id }) => id === stopped)!.iterations).toBeGreaterThanOrEqual(seen)
    makeSpace()
    expect(findFaults(folder)).toEqual([])
    const resumed = await labJson('resume', String(stopped), '--library', folder)
    expect(resumed).toMatchObject({ status: 'finished', iterations: 400 })
    const after = openLibrary(folder)
    expect(readSeries(after, stopped, -1).cost).toEqual(readSeries(after, whole, -1).cost)
    expect(readSnapshot(after, stopped, 400)).toEqual(readSnapshot(after, whole, 400))
    after.close()
    expect(findFaults(folder)).toEqual([])
  })

  test('a full disk: what would change the library is refused in one sentence, and leaves nothing', async () => {
    const { library, datasetId } = await libraryWithBars(folder)
    addRun(library, datasetId)
    library.close()
    const files = () => readdirSync(path.join(folder, 'blobs')).toSorted()
    const before = files()
    const makeSpace = disk.fill()
    for (const args of [
      ['generate', 'noise', '--patches', '20000'],
      ['train', '--dataset', 'bars'],
      ['rm', '1'],
    ]) {
      const { code, stdout, stderr } = await lab(...args)
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
      expect(stderr).toMatch(/^lab: The disk that holds .* is full.*\.\n$/)
    }
    expect(files()).toEqual(before)
    makeSpace()
    expect(await labJson('runs', '--library', folder)).toMatchObject([{ id: 1 }])
  })

  test.each(thorough ? ['sweep', 'resume-sweep'] : ['sweep'])(
    'a disk that fills up in the middle of %s: the sentence that train has, and the sweep goes on when there is space',
    async (command) => {
      const { library } = await libraryWithBars(folder)
      const settings = [
        '--optimizer',
        'adam',
        '--iterations',
        '3000',
        '--engine',
        'reference',
        '--hidden',
        '8',
      ]
      const start = ['sweep', '--dataset', 'bars', '--grid', 'rho=.05,.1', ...settings]
      const stopAt = (iterations: number) =>
        expect.poll(() => newest().iterations, { timeout: 60_000 }).toBeGreaterThan(iterations)
      const newest = () =>
        listRuns(library).reduce((a, b) => (a.iterations > b.iterations ? a : b), { iterations: -1, id: 0 })
      if (command === 'resume-sweep') {
        const before = lab(...start)
        await stopAt(5)
        await lab('stop-sweep', '1')
        expect((await before).code).toBe(0)
      }
      const seen = newest().iterations
      const training = lab(...(command === 'sweep' ? start : ['resume-sweep', '1']))
      await stopAt(seen + 5)
      library.close()
      const makeSpace = disk.fill()
      expect(await training).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(
          /^lab: The disk that holds \S+ is full\. Make space and try again; nothing was lost\.\n$/,
        ) as string,
      })
      makeSpace()
      expect(findFaults(folder)).toEqual([])
      expect(await labJson('resume-sweep', '1', '--library', folder)).toMatchObject({ status: 'finished' })
    },
    180_000,
  )

  test('a read-only disk of a process that was killed in mid-training: everything reads, nothing is refused but changes', async () => {
    const { library, datasetId } = await libraryWithBars(folder)
    const [done, id] = [addRun(library, datasetId), addRun(library, datasetId)]
    await trainAll(library, [done])
    claimRun(library, id, newOwner().replace(/^(\S+) \d+/, `$1 ${2 ** 22 + 1}`), momentNow())
    const left = path.join(disk.folder, 'left')
    mkdirSync(path.join(left, 'blobs'), { recursive: true })
    for (const name of readdirSync(path.join(folder, 'blobs')))
      copyFileSync(path.join(folder, 'blobs', name), path.join(left, 'blobs', name))
    // What SQLite shares between processes is left too.
    for (const end of ['', '-wal', '-shm'])
      copyFileSync(`${library.file}${end}`, path.join(left, `library.sqlite${end}`))
    library.close()
    disk.setReadOnly()
    const out = await temporaryFolder()
    const on = (...args: string[]) => runLab(...args, '--library', left)
    const stderr = expect.stringContaining('so it is open for reading only') as string
    for (const args of [
      ['runs', '--json'],
      ['queue'],
      ['show', String(id)],
      ['export', String(done), '--format', 'npz', '--out', path.join(out, 'weights.npz')],
      ['bundle', String(done), '--out', path.join(out, 'bars.rholab')],
    ]) {
      expect([args, await on(...args)]).toEqual([
        args,
        { code: 0, stdout: expect.any(String) as string, stderr },
      ])
    }
    expect(await on('resume', String(id))).toMatchObject({ code: 2, stdout: '' })
    const { stdout } = await on('runs', '--json')
    expect(JSON.parse(stdout)).toMatchObject([
      { id, status: 'interrupted' },
      { id: done, status: 'finished' },
    ])
  })

  test('a read-only disk: what is there is shown, what would change it is refused, both with one sentence', async () => {
    const { library, datasetId } = await libraryWithBars(folder)
    await trainAll(library, [addRun(library, datasetId)])
    library.close()
    const before = statSync(library.file).mtimeMs
    disk.setReadOnly()
    const out = await temporaryFolder()
    const sentence = new RegExp(
      `^lab: ${library.file} cannot be written, so it is open for reading only: change its permissions or choose another library folder\\.\\n$`,
    )
    const shown = [
      ['runs', '--json'],
      ['show', 'bars'],
      ['export', 'bars', '--format', 'npz', '--out', path.join(out, 'weights.npz')],
      ['bundle', 'bars', '--out', path.join(out, 'bars.rholab')],
    ]
    const answers = await Promise.all(shown.map((args) => lab(...args)))
    for (const { code, stdout, stderr } of answers) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(sentence) as string })
      expect(stdout).not.toBe('')
    }
    expect(JSON.parse(answers[0].stdout)).toMatchObject([{ status: 'finished', iterations: 20 }])
    const refused = [
      ['train', '--dataset', 'bars'],
      ['generate', 'noise'],
      ['rm', 'bars'],
      ['open', path.join(out, 'bars.rholab')],
    ]
    for (const answer of await Promise.all(refused.map((args) => lab(...args)))) {
      const stderr = expect.stringMatching(/^lab: \S+ cannot be written[^\n]*\.\n$/) as string
      expect(answer).toEqual({ code: 2, stdout: '', stderr })
    }
    expect(statSync(library.file).mtimeMs).toBe(before)
  })

  test('a read-only disk of a process that was killed: what is only in the write-ahead log is shown too', async () => {
    const { library, datasetId } = await libraryWithBars(folder)
    addRun(library, datasetId)
    expect(statSync(`${library.file}-wal`).size).toBeGreaterThan(0)
    // Copied while open, as a kill would leave it.
    const left = path.join(disk.folder, 'left')
    mkdirSync(path.join(left, 'blobs'), { recursive: true })
    for (const end of ['', '-wal'])
      copyFileSync(`${library.file}${end}`, path.join(left, `library.sqlite${end}`))
    library.close()
    disk.setReadOnly()
    const { stdout } = await runLab('runs', '--json', '--library', left)
    expect(JSON.parse(stdout)).toMatchObject([{ name: 'bars', status: 'queued' }])
    expect(existsSync(path.join(left, 'library.sqlite-shm'))).toBe(false)
  })
})
