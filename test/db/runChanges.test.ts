import { beforeEach, describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { openLibrary, type Library } from '#db/library.ts'
import { writeCheckpoint } from '#db/queries/checkpoints.ts'
import { renameDataset } from '#db/queries/datasets.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { readRunChanges, readRunPage } from '#db/queries/runChanges.ts'
import {
  archiveRuns,
  emptyTrash,
  getRun,
  heartbeat,
  listRuns,
  removeRuns,
  renameRun,
  setTags,
  trashRuns,
  untrashRuns,
} from '#db/queries/runs.ts'
import { unpackRuns } from '#shared/ipc/packedRuns.ts'
import { makeLibrary, makeRecord, makeRun } from './makeLibrary.ts'

let library: Library
let id: number
let other: number
beforeEach(async () => {
  library = makeLibrary()
  id = await makeRun(library, { iterations: 3, tags: ['a'], status: 'running' })
  const { datasetId } = getRun(library, id)
  other = await makeRun(library, { datasetId, name: 'other', status: 'stopped' })
})

const revision = () => readRunPage(library, null).revision

/** What the window is told after some work: runs that changed, runs that are gone. */
function changesOf(work: () => unknown) {
  const since = revision()
  work()
  const { rows, removed } = readRunChanges(library, since)
  return { changed: unpackRuns(rows).map((run) => run.id), removed }
}

describe('a list that follows the library', () => {
  test('comes in pages, newest first, and is what the whole list is', () => {
    const first = readRunPage(library, null, 1)
    const [newest] = unpackRuns(first.rows)
    expect(first.next).toBe(newest.id)
    const rest = readRunPage(library, first.next, 5)
    expect(rest.next).toBeNull()
    expect([newest, ...unpackRuns(rest.rows)]).toEqual(listRuns(library))
  })

  test('hears nothing where nothing happened', () => {
    expect(changesOf(() => {})).toEqual({ changed: [], removed: [] })
  })

  test.each<[string, () => unknown]>([
    ['a new iteration', () => appendIterations(library, id, [makeRecord(7)])],
    ['another name', () => renameRun(library, id, 'second')],
    ['other tags', () => setTags(library, id, ['b'])],
    ['no tags', () => setTags(library, id, [])],
    ['being archived', () => archiveRuns(library, [id], true)],
  ])('hears of %s, and of that run alone', (_, work) => {
    expect(changesOf(work)).toEqual({ changed: [id], removed: [] })
  })

  test('hears of a first checkpoint, which makes a run one that can be resumed', async () => {
    const since = revision()
    await writeCheckpoint(library, id, 3, new Uint8Array([1]))
    expect(unpackRuns(readRunChanges(library, since).rows)).toMatchObject([{ id, hasCheckpoint: true }])
  })

  test('hears of another name of the dataset for each of its runs', () => {
    const { datasetId } = getRun(library, id)
    const { changed } = changesOf(() => renameDataset(library, datasetId, 'meadows'))
    expect(changed.toSorted()).toEqual([id, other])
  })

  test('hears what another process writes', () => {
    const second = openLibrary(library.folder)
    try {
      expect(changesOf(() => renameRun(second, other, 'from elsewhere'))).toEqual({
        changed: [other],
        removed: [],
      })
      expect(changesOf(() => removeRuns(second, [other]))).toEqual({ changed: [], removed: [other] })
    } finally {
      second.close()
    }
  })

  test('hears of a removal even after the run that was written last is the one removed', () => {
    renameRun(library, other, 'last written')
    const since = revision()
    removeRuns(library, [other])
    renameRun(library, id, 'next')
    const { rows, removed } = readRunChanges(library, since)
    expect(unpackRuns(rows).map((run) => run.id)).toEqual([id])
    expect(removed).toEqual([other])
  })

  test('an infinite cost arrives as it is', () => {
    const since = revision()
    appendIterations(library, id, [makeRecord(7, { cost: Infinity, sparsity: Infinity })])
    expect(unpackRuns(readRunChanges(library, since).rows)).toEqual([
      expect.objectContaining({ cost: Infinity, sparsity: Infinity }),
    ])
  })
})

describe('a deleted run', () => {
  test('is in no list, and there again as it was when that is taken back', () => {
    const before = getRun(library, other)
    expect(changesOf(() => trashRuns(library, [other], new Date()))).toEqual({
      changed: [],
      removed: [other],
    })
    expect(listRuns(library).map((run) => run.id)).toEqual([id])
    expect(() => getRun(library, other)).toThrow('There is no run')
    expect(changesOf(() => untrashRuns(library, [other]))).toEqual({ changed: [other], removed: [] })
    expect(getRun(library, other)).toEqual(before)
  })

  test('is gone for good, blobs too, once the time to take it back is over', async () => {
    const withWeights = await makeRun(library, {
      datasetId: getRun(library, id).datasetId,
      snapshots: [0],
      status: 'finished',
    })
    const blobs = library.blobs.list().length
    trashRuns(library, [withWeights], new Date(1_000))
    expect(emptyTrash(library, new Date(1_000))).toBe(0)
    expect(emptyTrash(library, new Date(1_001))).toBe(1)
    expect(library.blobs.list()).toHaveLength(blobs - 1)
    expect(() => untrashRuns(library, [withWeights])).toThrow('There is no run')
  })

  test('may not be running', () => {
    expect(() => trashRuns(library, [other, id], new Date())).toThrow('Stop it before')
    expect(listRuns(library)).toHaveLength(2)
  })

  test('is not woken by a late heartbeat of who trained it', () => {
    library.db.prepare("UPDATE runs SET status = 'interrupted', owner = 'late' WHERE id = ?").run(other)
    trashRuns(library, [other], new Date())
    heartbeat(library, 'late', momentNow())
    untrashRuns(library, [other])
    expect(getRun(library, other).status).toBe('interrupted')
  })
})
