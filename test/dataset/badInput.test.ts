import { spawnSync } from 'node:child_process'
import { linkSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { photos, runLab, startLab } from '../cli/runLab.ts'
import { badSources } from './badSources.ts'
import { greyPng } from './pictures.ts'

// Every bad input of data: one clear sentence that names the thing and the mend, exit code 2, the library as it was.

let folder: string
let library: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-bad-'))
  library = path.join(folder, 'library')
})
afterEach(() => rm(folder, { recursive: true }))

describe('lab import refuses, with 2 and one sentence, and leaves the library as it was:', () => {
  it.each(badSources)('$what', async ({ files, source, sentence }) => {
    const own = path.join(folder, 'source')
    await mkdir(own)
    for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(own, name), await bytes())
    const { code, stdout, stderr } = await runLab(
      'import',
      path.join(own, source),
      '--library',
      library,
      '--json',
    )
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    const opened = openLibrary(library)
    expect(listDatasets(opened)).toEqual([])
    expect(opened.blobs.list()).toEqual([])
    opened.close()
  })

  it('a library made by a newer Rho Lab', async () => {
    const opened = openLibrary(library)
    opened.db.pragma('user_version = 99')
    opened.close()
    const { code, stderr } = await runLab('import', photos, '--library', library)
    expect(code).toBe(2)
    expect(stderr).toMatch(/was made by a newer Rho Lab.*Update Rho Lab or choose another library folder\./)
  })
})

it('one unreadable image among many is skipped, counted and named, and does not stop the import', async () => {
  const own = path.join(folder, 'source')
  await mkdir(own)
  for (let i = 0; i < 9; i++) {
    await writeFile(
      path.join(own, `${i}.png`),
      greyPng(20, 20, (x, y) => (x * i + y * 7) % 256),
    )
  }
  await writeFile(path.join(own, 'broken.png'), 'no picture')
  const { code, stdout } = await runLab('import', own, '--patches', '200', '--library', library, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    patches: 200,
    skipped: [{ file: 'broken.png', reason: 'This is not an image.' }],
  })
})

it('a library that is open elsewhere takes an import all the same', async () => {
  const elsewhere = openLibrary(library)
  const imports = ['one', 'two'].map((name) =>
    startLab('import', photos, '--patches', '500', '--name', name, '--library', library),
  )
  for (const { code, stderr } of await Promise.all(imports)) expect([code, stderr]).toEqual([0, ''])
  expect(
    listDatasets(elsewhere)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['one', 'two'])
  elsewhere.close()
})

it('a folder of 50 000 images shows how far it is, and can be cancelled', async () => {
  const first = path.join(folder, 'first.png')
  await writeFile(
    first,
    greyPng(12, 12, (x, y) => x * y),
  )
  for (let i = 1; i < 50_000; i++) linkSync(first, path.join(folder, `${i}.png`))
  const controller = new AbortController()
  const seen: [done: number, total: number][] = []
  const cancelled = importImages(
    folder,
    { sampling: defaultSampling },
    {
      signal: controller.signal,
      onProgress({ stage, done, total }) {
        if (stage === 'listing' && done > 0) seen.push([done, total])
        if (seen.length === 500) controller.abort()
      },
    },
  )
  await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
  expect(seen.at(-1)).toEqual([500, 50_000])

  linkSync(first, path.join(folder, 'one too many.png'))
  await expect(importImages(folder, { sampling: defaultSampling })).rejects.toThrow(
    `The folder ${folder} holds more than 50000 images. Import a smaller folder.`,
  )
})

// A disk of 3 MB of our own, in a name space that goes with the process.
const ownDisk = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$0" "$@"']
const canMount = spawnSync('unshare', [...ownDisk, 'true', tmpdir()]).status === 0
if (!canMount) console.warn('The test of a full disk is skipped: no disk of its own can be mounted here.')

it.skipIf(!canMount)('a full disk is told, and what was there before is whole', async () => {
  await mkdir(library)
  const lab = path.join(import.meta.dirname, '../../main/cli/lab.ts')
  const script = `
    node="$0"; cd "$1"
    "$node" "${lab}" generate bars --patches 200 --library library --json >/dev/null || exit 50
    "$node" "${lab}" generate noise --patches 40000 --library library; echo "ended with $?"
    "$node" "${lab}" datasets --library library --json`
  const { stdout, stderr, status } = spawnSync(
    'unshare',
    [...ownDisk, 'sh', folder, '-c', script, process.execPath, folder],
    { encoding: 'utf8' },
  )
  expect(status).toBe(0)
  expect(stderr).toMatch(/^lab: .*full.*\n$/)
  const [ended, ...json] = stdout.split('\n')
  expect(ended).toBe('ended with 2')
  expect(JSON.parse(json.join('\n'))).toMatchObject([{ name: 'bars', patches: 200 }])
})
