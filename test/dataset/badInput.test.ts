import { spawnSync } from 'node:child_process'
import { linkSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { photos, runLab } from '../cli/runLab.ts'
import { greyPng, zeroPng } from './pictures.ts'

// Every bad input of data: one clear sentence that names the thing and the mend, exit code 2, the library as it was.

let folder: string
let library: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-bad-'))
  library = path.join(folder, 'library')
})
afterEach(() => rm(folder, { recursive: true }))

const npy = (dictionary: string) => {
  const header = `${dictionary}\n`
  const start = Buffer.from('\x93NUMPY\x01\x00\0\0', 'latin1')
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, Buffer.from(header), Buffer.alloc(64)])
}
const header = (descr: string, order: string) =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (4, 4), }`
const holding = (value: number) => formatNpy([4, 4], new Float32Array(16).fill(0.5).with(6, value))
/** Interlaced, so that it would have to be held whole. */
const claims = (width: number, height: number) => {
  const file = zeroPng(2, 2)
  file.writeUInt32BE(width, 16)
  file.writeUInt32BE(height, 20)
  file[28] = 1
  return file
}

const cases: [
  what: string,
  files: Record<string, () => Uint8Array | Promise<Uint8Array>>,
  source: string,
  sentence: string,
][] = [
  ['a path that is not there', {}, 'nowhere', 'nowhere does not exist. Check the path.'],
  ['an empty folder', {}, '.', 'There are no images in'],
  ['a folder without images', { 'notes.txt': () => Buffer.from('text') }, '.', 'There are no images in'],
  [
    'an image cut short',
    { 'a.jpg': async () => (await readFile(path.join(photos, 'aqua.jpg'))).subarray(0, 9000) },
    '.',
    'The file ends early, after 9000 bytes. Copy it again.',
  ],
  [
    'a text with the extension of a PNG',
    { 'a.png': () => Buffer.from('no picture') },
    '.',
    'This is not an image.',
  ],
  [
    'an image smaller than a patch',
    { 'a.png': () => greyPng(6, 9, (x) => x) },
    '.',
    'Smaller than one patch: 6 × 9 px, patches are 8 × 8.',
  ],
  [
    'an image of 30 000 × 30 000',
    { 'a.png': () => claims(30_000, 30_000) },
    '.',
    'Too large: 30000 × 30000 px are 900 megapixels, the limit is 100. Scale it down.',
  ],
  [
    'images without contrast',
    { 'a.png': () => greyPng(30, 30, () => 7) },
    '.',
    'Every patch is flat, so there is nothing to learn. Take images with some contrast.',
  ],
  [
    'an image in place of a folder',
    { 'a.png': () => greyPng(30, 30, (x) => x) },
    'a.png',
    'a.png is an image. Give the folder that holds the images.',
  ],
  [
    'a .npy with NaN',
    { 'X.npy': () => holding(Number.NaN) },
    'X.npy',
    'X.npy holds NaN at row 1, column 2 (from 0).',
  ],
  [
    'a .npy with infinity',
    { 'X.npy': () => holding(-Infinity) },
    'X.npy',
    'X.npy holds -Infinity at row 1, column 2',
  ],
  [
    'a .npy in Fortran order',
    { 'X.npy': () => npy(header('<f4', 'True')) },
    'X.npy',
    'X.npy is in Fortran order. Save it in C order',
  ],
  [
    'a .npy with a pickled object',
    { 'X.npy': () => npy(header('|O', 'False')) },
    'X.npy',
    'X.npy holds pickled Python objects, which are not opened.',
  ],
  ['a .npy cut short', { 'X.npy': () => holding(1).subarray(0, 150) }, 'X.npy', 'X.npy ends early'],
]

describe('lab import refuses, with 2 and one sentence, and leaves the library as it was:', () => {
  it.each(cases)('%s', async (_what, files, source, sentence) => {
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
    runLab('import', photos, '--patches', '500', '--name', name, '--library', library),
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
