import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { getDataset, getDatasetToDerive, readLabels, readPatches } from '#db/queries/datasets.ts'
import { readPositions } from '#db/queries/datasetImages.ts'
import { deriveJob, recipeOf } from '#main/dataset/deriveDataset.ts'
import { runDatasetJob, type JobSource } from '#main/dataset/runDatasetJob.ts'
import { defaultSampling, type Sampling } from '#shared/domain/dataset.ts'
import { makeFolder, makeLibrary } from '../db/makeLibrary.ts'
import { greyPng } from './pictures.ts'

const others = (name: string) => path.join(import.meta.dirname, '../fixtures/others', name)
const plain: Sampling = { ...defaultSampling, patches: 60, patchSize: 4, normalisation: { kind: 'none' } }

async function imported(source: JobSource, sampling: Sampling = plain) {
  const library = makeLibrary()
  const id = await runDatasetJob(library, { ...source, name: 'labelled', sampling })
  return { library, id }
}

/** Of each patch, the name of its class. */
function namesOf(library: ReturnType<typeof makeLibrary>, id: number): string[] {
  const { classes, indices } = readLabels(library, id)!
  return Array.from(indices, (index) => classes[index])
}

describe('labels', () => {
  test('of rows are kept with the dataset, counted, and go to what is derived from it', async () => {
    const { library, id } = await imported({ kind: 'array', path: others('some-images-idx3-ubyte') })
    expect(namesOf(library, id)).toEqual(['7', '2', '7', '0', '1', '2'])
    expect(getDataset(library, id).labels?.classes).toEqual([
      { name: '0', count: 1 },
      { name: '1', count: 1 },
      { name: '2', count: 2 },
      { name: '7', count: 2 },
    ])
    const dataset = getDatasetToDerive(library, id)
    const { sampling } = recipeOf(dataset)
    const mean: Sampling = { ...sampling, normalisation: { kind: 'mean' } }
    const derived = await runDatasetJob(library, await deriveJob(dataset, 'derived', mean))
    expect(readLabels(library, derived)).toEqual(readLabels(library, id))
  })

  test('of the images of a stack are those of each patch that is cut from them', async () => {
    const { library, id } = await imported({ kind: 'array', path: others('keras.npz'), array: 'x_train' })
    const labels = namesOf(library, id)
    const { classes } = getDataset(library, id).labels!
    expect(classes.map(({ name }) => name)).toEqual(['0', '1', '2'])
    expect(labels).toHaveLength(60)
    const image = readPositions(library, id)!
    expect(labels).toEqual(labels.map((_, row) => String(image[3 * row] % 3)))
  })

  async function twoFolders(): Promise<string> {
    const folder = path.join(makeFolder(), 'pets')
    for (const [kind, shade] of [
      ['cat', 20],
      ['dog', 200],
    ] as const) {
      await mkdir(path.join(folder, kind), { recursive: true })
      for (const k of [0, 1]) {
        await writeFile(
          path.join(folder, kind, `${k}.png`),
          greyPng(12, 12, (x, y) => shade + ((x + y + k) % 9)),
        )
      }
    }
    return folder
  }

  test('of image files are the names of their folders', async () => {
    const { library, id } = await imported({
      kind: 'folder',
      path: await twoFolders(),
      labelsFromFolders: true,
    })
    const patches = readPatches(library, id)
    expect(namesOf(library, id)).toEqual(
      Array.from({ length: 60 }, (_, row) => (patches[16 * row] < 0.5 ? 'cat' : 'dog')),
    )
  })

  test('of image files are proposed where they lie in folders, and taken from a table', async () => {
    const folder = await twoFolders()
    const unlabelled = await imported({ kind: 'folder', path: folder })
    expect(getDataset(unlabelled.library, unlabelled.id)).toMatchObject({
      labels: null,
      importRemarks: [
        'The images lie in 2 folders; --labels-from-folders takes the folders’ names as labels.',
      ],
    })
    const labels = path.join(makeFolder(), 'labels.csv')
    await writeFile(labels, 'file,label\ncat/0.png,a\ncat/1.png,a\ndog/0.png,b\ndog/1.png,b\n')
    const { library, id } = await imported({ kind: 'folder', path: folder, labels })
    expect(new Set(namesOf(library, id))).toEqual(new Set(['a', 'b']))
    await writeFile(labels, 'file,label\ncat/0.png,a\n')
    await expect(imported({ kind: 'folder', path: folder, labels })).rejects.toThrow(
      'labels.csv has no label for cat/1.png. Add a line with its name and its label.',
    )
  })

  test.each<[name: string, content: string | Uint8Array]>([
    ['names.txt', 'ada\nbob\nada\neve\nbob\nada\n'],
    ['labels.csv', 'label\nada\nbob\nada\neve\nbob\nada\n'],
  ])('are read from %s, one a line', async (name, content) => {
    const labels = path.join(makeFolder(), name)
    await writeFile(labels, content)
    const { library, id } = await imported({ kind: 'array', path: others('some-images-idx3-ubyte'), labels })
    expect(namesOf(library, id)).toEqual(['ada', 'bob', 'ada', 'eve', 'bob', 'ada'])
  })

  test('not as many as patches are refused', async () => {
    const labels = path.join(makeFolder(), 'few.txt')
    await writeFile(labels, 'a\nb\n')
    await expect(imported({ kind: 'array', path: others('some-images-idx3-ubyte'), labels })).rejects.toThrow(
      'few.txt holds 2 labels for 6 patches or images. Give the labels of this file.',
    )
  })
})

test('a recipe says what was decided, so that what is derived is read alike', async () => {
  const { library, id } = await imported({ kind: 'array', path: others('cifar.mat') })
  const dataset = getDatasetToDerive(library, id)
  expect(recipeOf(dataset).source).toMatchObject({ kind: 'array', order: 'planes' })
})

test('a table of a dataset that was made before there was a choice is read as it was then', async () => {
  const file = path.join(makeFolder(), 'old.csv')
  await writeFile(file, 'label,a,b\n1,.5,.25\n2,.75,.5\n')
  const { library, id } = await imported({ kind: 'array', path: file })
  const dataset = getDatasetToDerive(library, id)
  expect(dataset.visible).toBe(2)
  const old = { ...dataset, recipe: { source: { kind: 'array', path: file }, sampling: plain } } as const
  const derived = await runDatasetJob(library, await deriveJob(old, 'as before', plain))
  expect(Array.from(readPatches(library, derived))).toEqual([1, 0.5, 0.25, 2, 0.75, 0.5])
  expect(readLabels(library, derived)).toBeNull()
})
