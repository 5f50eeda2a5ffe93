import { readdirSync, rmSync, truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { momentNow } from '#db/clock.ts'
import { readCheckpoint, writeCheckpoint } from '#db/queries/checkpoints.ts'
import { claimRun, endRun, getRun } from '#db/queries/runs.ts'
import { listSnapshots, readSnapshot, readSprites, writeSnapshot } from '#db/queries/snapshots.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import { makeDataset, makeLibrary, makeRun } from './makeLibrary.ts'

// 3 hidden units on 4 pixels: W1 12, W2 12, b1 3, b2 4
const theta = (first: number) => Float32Array.from({ length: 31 }, (_, i) => first + i)
const rhoHat = Float32Array.of(0.1, 0.2, 0.3)

describe('snapshots', () => {
  test('come back as weights of the right shapes, the nearest not after', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    await writeSnapshot(library, id, 0, theta(0), rhoHat)
    await writeSnapshot(library, id, 7, theta(100), rhoHat)
    expect(readSnapshot(library, id, 6)?.iteration).toBe(0)
    const { iteration, weights, rhoHat: averages } = readSnapshot(library, id, 400)!
    expect(iteration).toBe(7)
    expect(weights).toMatchObject({ visible: 4, hidden: 3 })
    expect(weights.W1).toEqual(theta(100).slice(0, 12))
    expect(weights.b2).toEqual(theta(100).slice(27))
    expect(Float32Array.from(thetaFromWeights(weights))).toEqual(theta(100))
    expect(averages).toEqual(rhoHat)
    expect(listSnapshots(library, id)).toEqual([{ iteration: 0 }, { iteration: 7 }])
    expect(getRun(library, id).snapshots).toEqual([{ iteration: 0 }, { iteration: 7 }])
  })

  test('of a run without any are null, of a run that is gone an error', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    expect(readSnapshot(library, id, 0)).toBeNull()
    expect(() => readSnapshot(library, 99, 0)).toThrow(expect.objectContaining({ code: 'notFound' }))
    await expect(writeSnapshot(library, 99, 0, theta(0), rhoHat)).rejects.toThrow(
      expect.objectContaining({ code: 'notFound' }),
    )
  })

  test('of a wrong shape are refused and leave nothing', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const shape = expect.objectContaining({ code: 'shape' })
    const blobs = library.blobs.list()
    await expect(writeSnapshot(library, id, 0, theta(0).slice(1), rhoHat)).rejects.toThrow(shape)
    await expect(writeSnapshot(library, id, 0, theta(0), rhoHat.slice(1))).rejects.toThrow(shape)
    expect(library.blobs.list()).toEqual(blobs)
  })

  test('written again replace the old one and its blob', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    await writeSnapshot(library, id, 0, theta(0), rhoHat)
    const count = library.blobs.list().length
    await writeSnapshot(library, id, 0, theta(5), rhoHat)
    await writeSnapshot(library, id, 0, theta(5), rhoHat)
    expect(library.blobs.list()).toHaveLength(count)
    expect(readSnapshot(library, id, 0)?.weights.W1[0]).toBe(5)
  })

  test('with a damaged blob are told as damaged', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const before = new Set(library.blobs.list())
    await writeSnapshot(library, id, 0, theta(0), rhoHat)
    const hash = library.blobs.list().find((name) => !before.has(name)) ?? ''
    truncateSync(library.blobs.path(hash), 20)
    expect(() => readSnapshot(library, id, 0)).toThrow(/weights of run 1 "edges" at iteration 0 are damaged/)
    expect(readSprites(library, [id])).toEqual([])
    rmSync(library.blobs.path(hash))
    expect(() => readSnapshot(library, id, 0)).toThrow(/missing/)
    expect(readSprites(library, [id])).toEqual([])
  })
})

describe('sprites', () => {
  test('are the first filters of the newest weights; runs without any are left out', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const id = await makeRun(library, { datasetId })
    const empty = await makeRun(library, { datasetId })
    await writeSnapshot(library, id, 0, theta(0), rhoHat)
    await writeSnapshot(library, id, 9, theta(50), rhoHat)
    expect(readSprites(library, [empty, id, 99])).toEqual([
      { runId: id, count: 3, filters: theta(50).slice(0, 12) },
    ])
    expect(readSprites(library, [id], 2)).toEqual([{ runId: id, count: 2, filters: theta(50).slice(0, 8) }])
  })
})

describe('checkpoints', () => {
  test('replace each other and are kept once', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const blobs = library.blobs.list().length
    expect(readCheckpoint(library, id)).toBeNull()
    await writeCheckpoint(library, id, 10, Uint8Array.of(1, 2, 3))
    await writeCheckpoint(library, id, 20, Uint8Array.of(4, 5))
    expect(readCheckpoint(library, id)).toEqual({ iteration: 20, bytes: Uint8Array.of(4, 5) })
    expect(library.blobs.list()).toHaveLength(blobs + 1)
    expect(getRun(library, id).hasCheckpoint).toBe(true)
    // What has finished needs none.
    claimRun(library, id, 'me', momentNow())
    endRun(library, id, { status: 'finished', outcome: null, message: null, now: momentNow() })
    expect(readCheckpoint(library, id)).toBeNull()
    expect(library.blobs.list()).toHaveLength(blobs)
    expect(getRun(library, id).hasCheckpoint).toBe(false)
  })

  test('of a run that is gone leave nothing behind', async () => {
    const library = makeLibrary()
    await expect(writeCheckpoint(library, 99, 1, Uint8Array.of(1))).rejects.toMatchObject({
      code: 'notFound',
    })
    expect(readdirSync(`${library.folder}/blobs`)).toEqual([])
  })

  test('that meet the removal of the same bytes elsewhere are written again', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const { has } = library.blobs
    const looks: boolean[] = []
    library.blobs.has = (hash) => {
      // Between the file and its row, another process removes its last use of these bytes.
      if (looks.length === 0) library.blobs.remove(hash)
      looks.push(has(hash))
      return looks.at(-1)!
    }
    await writeCheckpoint(library, id, 1, Uint8Array.of(6))
    expect(looks).toEqual([false, true])
    expect(readCheckpoint(library, id)?.bytes).toEqual(Uint8Array.of(6))
  })

  test('whose blob is gone say so', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    await writeCheckpoint(library, id, 1, Uint8Array.of(9, 9))
    for (const hash of library.blobs.list()) library.blobs.remove(hash)
    expect(() => readCheckpoint(library, id)).toThrow(/checkpoint of run 1 .* missing/)
  })
})
