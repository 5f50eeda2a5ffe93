import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { getDataset, listDatasets, readPatches } from '#db/queries/datasets.ts'
import type { LibraryPlace } from '#db/whereabouts.ts'
import type { FromImporter, ToImporter } from '#main/dataset/importProtocol.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { defaultSampling, type ImportProgress } from '#shared/domain/dataset.ts'

const photos = path.join(import.meta.dirname, '../fixtures/photos')
const host = path.join(import.meta.dirname, '../../main/dataset/importHost.ts')
const parentPort = path.join(import.meta.dirname, 'parentPort.ts')
const sampling = { ...defaultSampling, patches: 1000 }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-job-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('runDatasetJob', () => {
  it('stores an imported folder as it was drafted', async () => {
    const library = openLibrary(folder)
    try {
      const stages = new Set<ImportProgress['stage']>()
      const onProgress = ({ stage }: ImportProgress) => stages.add(stage)
      const id = await runDatasetJob(
        library,
        { kind: 'folder', path: photos, name: 'Photos', sampling },
        { onProgress },
      )
      expect([...stages]).toEqual(['listing', 'reading', 'normalising', 'writing'])
      const draft = await importImages(photos, { name: 'Photos', sampling })
      expect(readPatches(library, id)).toEqual(draft.patches)
      const { statistics, preview, images, imagesList } = getDataset(library, id)
      expect(statistics).toEqual(draft.statistics)
      expect(preview).toEqual(draft.preview)
      expect(images).toBe(12)
      expect(imagesList[3].thumbnail?.rgba).toEqual(draft.images[3].thumbnail.rgba)
    } finally {
      library.close()
    }
  })

  it('stores arrays and generated data', async () => {
    const library = openLibrary(folder)
    try {
      const file = path.join(folder, 'X.npy')
      await writeFile(
        file,
        formatNpy(
          [20, 16],
          Float32Array.from({ length: 320 }, (_, i) => Math.sin(i)),
        ),
      )
      const values = { ...sampling, normalisation: { kind: 'none' } } as const
      await runDatasetJob(library, { kind: 'array', path: file, name: 'X', sampling: values })
      await runDatasetJob(library, { kind: 'generate', generator: 'bars', name: 'Bars', sampling: values })
      const kinds = listDatasets(library).map(({ name, kind, visible }) => `${name} ${kind} ${visible}`)
      expect(kinds.toSorted()).toEqual(['Bars bars 64', 'X array 16'])
    } finally {
      library.close()
    }
  })

  it('leaves the library as it was when cancelled or refused', async () => {
    const library = openLibrary(folder)
    try {
      const controller = new AbortController()
      const onProgress = () => controller.abort()
      const job = { kind: 'folder', path: photos, name: 'Photos', sampling } as const
      const cancelled = runDatasetJob(library, job, { onProgress, signal: controller.signal })
      await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })
      const refused = runDatasetJob(library, { ...job, path: path.join(folder, 'none') })
      await expect(refused).rejects.toMatchObject({ code: 'badInput' })
      expect(listDatasets(library)).toEqual([])
    } finally {
      library.close()
    }
  })
})

describe('importHost', () => {
  /** Runs the real host in a Node process that has a `parentPort` like Electron's. */
  async function serve(
    request: ToImporter,
    answer: (message: FromImporter) => ToImporter | null = () => null,
  ) {
    const child = fork(host, {
      execArgv: ['--import', parentPort],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const messages: FromImporter[] = []
    child.on('message', (message: FromImporter) => {
      messages.push(message)
      const reply = answer(message)
      if (reply !== null) child.send(reply)
      // As main does: the library is closed by now.
      if (message.type !== 'progress') child.kill()
    })
    child.send(request)
    await new Promise((resolve) => child.on('exit', resolve))
    return messages
  }

  const start: ToImporter & { type: 'start' } = {
    type: 'start',
    library: { folder: '', identity: '' },
    job: { kind: 'generate', generator: 'natural', parameters: { images: 2 } },
    name: 'Sample images',
    sampling,
  }

  /** As main has it open. */
  function placeOf(): LibraryPlace {
    const library = openLibrary(folder)
    library.close()
    return { folder, identity: library.identity }
  }

  it('stores the dataset and tells its id', async () => {
    const messages = await serve({ ...start, library: placeOf() })
    expect(messages[0]).toMatchObject({ type: 'progress', progress: { stage: 'reading' } })
    const last = messages.at(-1)
    expect(last?.type).toBe('done')
    const library = openLibrary(folder)
    const [dataset] = listDatasets(library)
    library.close()
    expect(last).toEqual({ type: 'done', datasetId: dataset.id })
    expect(dataset).toMatchObject({ name: 'Sample images', kind: 'natural', patches: 1000, images: 2 })
  })

  it('stops when told to, and says so', async () => {
    const messages = await serve({ ...start, library: placeOf() }, (message) =>
      message.type === 'progress' ? { type: 'cancel' } : null,
    )
    expect(messages.at(-1)).toMatchObject({ type: 'failed', error: { code: 'stopped' } })
    const library = openLibrary(folder)
    expect(listDatasets(library)).toEqual([])
    library.close()
  })

  it('makes no library where the open one was, and puts nothing into another that stands there', async () => {
    const library = placeOf()
    const moved = `${folder}-moved`
    await rename(folder, moved)
    const gone = await serve({ ...start, library })
    expect(gone).toEqual([
      {
        type: 'failed',
        error: {
          code: 'libraryGone',
          message: `The library ${folder} is not there any more: it was moved or deleted, or its disk was taken away. Put it back; until then nothing can be started or saved.`,
        },
      },
    ])
    expect(existsSync(folder)).toBe(false)
    const other = openLibrary(folder)
    const replaced = await serve({ ...start, library })
    expect(replaced).toMatchObject([
      { type: 'failed', error: { message: expect.stringContaining(`Another library stands in ${folder}`) } },
    ])
    expect([listDatasets(other), other.blobs.list()]).toEqual([[], []])
    other.close()
    await rm(moved, { recursive: true })
  })

  it('says what is wrong with the input', async () => {
    const job = { kind: 'folder', path: path.join(folder, 'none') } as const
    const messages = await serve({ ...start, library: placeOf(), job })
    expect(messages).toEqual([
      {
        type: 'failed',
        error: { code: 'badInput', message: `There is no folder ${job.path}. Check the path.` },
      },
    ])
  })
})
