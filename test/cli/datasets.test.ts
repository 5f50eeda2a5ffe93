import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { greyPng, rgbaPng } from '../dataset/pictures.ts'
import { labJson, runLab, temporaryFolder } from './runLab.ts'

const arrays = fileURLToPath(new URL('../fixtures/arrays', import.meta.url))

let folder: string
let library: string[]
beforeAll(async () => {
  folder = await temporaryFolder()
  library = ['--library', path.join(folder, 'library')]
  await mkdir(path.join(folder, 'images'))
  for (const name of ['a', 'b', 'c']) {
    // c is a copy of b.
    const seed = name === 'a' ? 5 : 9
    await writeFile(
      path.join(folder, 'images', `${name}.png`),
      greyPng(60, 40, (x, y) => (x * seed + y * 31 + x * y) % 256),
    )
  }
})

interface Imported {
  datasetId: number
  name: string
  patches: number
  visible: number
  skipped: { file: string; reason: string }[]
}
interface Card {
  id: number
  name: string
  notes: string
  kind: string
  patchSize: number | null
  normalisation: { kind: string }
  derivedFrom: { id: number } | null
  storedBytes: number
  recipe: { sampling: object } | null
  statistics: { whitening: { components: number; keptVariance: number; mean?: number[] } | null }
  usedBy: { id: number }[]
  imagesList: { file: string; patches: number }[]
}
const card = (what: string, ...args: string[]) => labJson<Card>('dataset', what, ...args, ...library)
const refused = async (...args: string[]) => {
  const { code, stdout, stderr } = await runLab(...args, ...library)
  expect([code, stdout]).toEqual([2, ''])
  // One sentence, or two: what is wrong and the mend.
  expect(stderr).toMatch(/^lab: [^\n]+\n/)
  return stderr
}

describe('lab import', () => {
  it('counts copies once, draws for contrast and whitens to principal components', async () => {
    const options = [
      '--patches',
      '300',
      '--unique',
      '--min-contrast',
      '.05',
      '--normalize',
      'pca',
      '--keep',
      '.9',
    ]
    const imported = await labJson<Imported>('import', path.join(folder, 'images'), ...options, ...library)
    expect(imported).toMatchObject({ name: 'images', patches: 300, visible: 64 })
    expect(imported.skipped).toEqual([{ file: 'c.png', reason: 'The same image as b.png, counted once.' }])
    const { statistics, recipe } = await card('images')
    expect(statistics.whitening?.keptVariance).toBeGreaterThanOrEqual(0.9)
    expect(recipe?.sampling).toMatchObject({ unique: true, minContrast: 0.05 })
  })

  it('whitens colour by the mean of each value, which it keeps; a dataset without one is made anew as it was', async () => {
    const options = ['--patches', '200', '--color', 'rgb', '--normalize', 'zca']
    await labJson('import', path.join(folder, 'images'), '--name', 'colour', ...options, ...library)
    const colour = await card('colour')
    expect(colour.normalisation).toEqual({ kind: 'zca', epsilon: 0.1, mean: 'value' })
    expect(colour.statistics.whitening?.mean).toHaveLength(192)
    const old = ['--name', 'old', '--mean', 'patch']
    await labJson('import', path.join(folder, 'images'), ...old, ...options, ...library)
    await labJson('derive', 'old', '--seed', '2', '--name', 'old 2', ...library)
    for (const name of ['old', 'old 2']) {
      const { normalisation, statistics } = await card(name)
      expect(normalisation).toEqual({ kind: 'zca', epsilon: 0.1 })
      expect(statistics.whitening).not.toHaveProperty('mean')
    }
    const images = path.join(folder, 'images')
    expect(await refused('import', images, '--mean', 'value')).toContain(
      '--mean says nothing with --normalize squash. Leave it out.',
    )
  })

  it('says how many images are transparent somewhere, then and later', async () => {
    const images = path.join(folder, 'glass')
    await mkdir(images)
    await writeFile(path.join(images, 'a.png'), rgbaPng(40, 40, 255))
    const read = async (name: string) =>
      (await runLab('import', images, '--name', name, '--patches', '50', ...library)).stdout
    expect(await read('opaque')).not.toContain('transparency')
    await writeFile(path.join(images, 'b.png'), rgbaPng(40, 40, 128))
    expect(await read('one')).toMatch(/ from 2 images\.\n1 image with transparency over mid grey\.\n/)
    await writeFile(path.join(images, 'c.png'), rgbaPng(40, 40, 0))
    expect(await read('two')).toContain('\n2 images with transparency over mid grey.\n')
    const shown = async (name: string) => (await runLab('dataset', name, ...library)).stdout
    expect(await shown('two')).toMatch(/^Transparency +2 images over mid grey$/m)
    expect(await shown('opaque')).not.toContain('Transparency')
  })

  it('takes MNIST, CSV and the course’s IMAGES.mat', async () => {
    const take = (file: string, ...args: string[]) =>
      labJson<Imported>('import', path.join(arrays, file), ...args, ...library)
    expect(await take('digits-idx3-ubyte.gz')).toMatchObject({
      name: 'digits-idx3-ubyte',
      patches: 5,
      visible: 16,
    })
    expect(await take('patches.csv', '--columns')).toMatchObject({ patches: 9, visible: 12 })
    expect(await take('IMAGES.mat', '--patches', '100', '--patch', '6')).toMatchObject({
      patches: 100,
      visible: 36,
    })
    // Images are normalised as images from a folder; finished patches are left as they are.
    expect((await card('IMAGES')).normalisation.kind).toBe('squash')
    expect((await card('patches')).normalisation.kind).toBe('none')
  })

  it('asks which array is meant, and takes it', async () => {
    const file = path.join(arrays, 'many.npz')
    expect(await refused('import', file)).toContain('Choose one with --array NAME.')
    const imported = await labJson<Imported>('import', file, '--array', 'X', '--name', 'X', ...library)
    expect(imported).toMatchObject({ name: 'X', patches: 12, visible: 9 })
  })

  it.each([
    [['--epsilon', '.1'], '--epsilon says nothing with --normalize squash.'],
    [['--normalize', 'zca', '--keep', '.9'], '--keep says nothing with --normalize zca.'],
    [['--normalize', 'pca', '--keep', '2'], 'The kept share of the variance must lie between 0 and 1.'],
    [['--normalize', 'zca', '--epsilon', '0'], 'ε must be larger than 0.'],
    [['--min-contrast', '.9'], 'The least contrast must lie between 0 and 0.5.'],
    [['--array', 'X'], 'A folder of images has no arrays.'],
  ])('refuses %j', async (options, sentence) => {
    expect(await refused('import', path.join(folder, 'images'), ...options)).toContain(sentence)
  })
})

describe('lab generate', () => {
  it('takes a generator’s parameters, and no other’s', async () => {
    await labJson(
      'generate',
      'bars',
      '--patches',
      '200',
      '--probability',
      '.5',
      '--name',
      'dense',
      ...library,
    )
    const origin = (await labJson<{ origin: string }>('dataset', 'dense', ...library)).origin
    expect(origin).toBe('bars: 16 bars, each with probability 0.5, seed 1')
    expect(await refused('generate', 'bars', '--deviation', '.1')).toContain(
      'The generator bars has no "deviation".',
    )
    expect(await refused('generate', 'noise', '--deviation', '7')).toContain(
      'Deviation must be a number from 0.01 to 0.5.',
    )
  })

  it('writes images with smaller leaves', async () => {
    const out = path.join(folder, 'leaves')
    const write = (...args: string[]) =>
      labJson<{ files: string[] }>('generate', 'natural', '--out', out, '--images', '1', ...args)
    const [usual] = (await write()).files
    const before = await readFile(usual)
    const [smaller] = (await write('--smallest-leaf', '16')).files
    expect((await readFile(smaller)).equals(before)).toBe(false)
  })
})

describe('a dataset', () => {
  it('is derived from another, shown, renamed, noted', async () => {
    const derived = await labJson<Imported>(
      'derive',
      'images',
      '--patch',
      '10',
      '--normalize',
      'mean',
      ...library,
    )
    expect(derived).toMatchObject({ name: 'images 10×10 mean', patches: 300, visible: 100 })
    const shown = await card(
      String(derived.datasetId),
      '--rename',
      'larger',
      '--notes',
      'For the second run.',
    )
    expect(shown).toMatchObject({
      name: 'larger',
      notes: 'For the second run.',
      patchSize: 10,
      derivedFrom: { id: 1 },
    })
    expect(shown.storedBytes).toBeGreaterThan(300 * 100 * 4)
    expect(shown.imagesList.map(({ file }) => file)).toEqual(['a.png', 'b.png'])
    const { stdout } = await runLab('dataset', 'larger', ...library)
    expect(stdout).toMatch(/Derived from +1 "images"/)
    expect(stdout).toContain('Power by cycles per pixel')
  })

  it('whose images are gone is not derived', async () => {
    const [here, there] = [path.join(folder, 'images'), path.join(folder, 'elsewhere')]
    await rename(here, there)
    expect(await refused('derive', 'images', '--seed', '2')).toContain(`Its images are no longer at ${here}.`)
    await rename(there, here)
  })

  it('says what depends on it before it is removed, and goes with that when asked to', async () => {
    await labJson('train', '--dataset', 'dense', '--iterations', '2', '--name', 'short', ...library)
    expect((await card('dense')).usedBy).toMatchObject([{ name: 'short', status: 'finished' }])
    expect(await refused('dataset', 'dense', '--remove')).toContain(
      '1 run uses the dataset "dense": 1 "short". Remove it first.',
    )
    const removed = await labJson<{ removedRuns: number[] }>(
      'dataset',
      'dense',
      '--remove',
      '--with-runs',
      ...library,
    )
    expect(removed.removedRuns).toEqual([1])
    expect(await refused('dataset', 'dense')).toContain('There is no dataset "dense".')
    expect(await labJson('runs', ...library)).toEqual([])
  })

  it('that is gone leaves nothing for lab clean but what it says', async () => {
    const cleaned = await labJson<{
      blobs: number
      freedBytes: number
      blobBytes: number
      unusedBytes: number
    }>('clean', ...library)
    expect(cleaned).toMatchObject({ blobs: 0, freedBytes: 0, unusedBytes: 0 })
    expect(cleaned.blobBytes).toBeGreaterThan(0)
  })
})
