import * as fc from 'fast-check'
import { closeSync, cpSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openLibrary } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun, listRuns } from '#db/queries/runs.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { rescueLibrary } from '#db/rescue/rescueLibrary.ts'
import { LabError } from '#shared/domain/labError.ts'
import { findFaults } from '../../scripts/torture/findFaults.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from './makeLibrary.ts'

/** A closed library of four runs with snapshots. */
async function makeClosed(): Promise<string> {
  const folder = makeFolder()
  const library = openLibrary(folder)
  const datasetId = await makeDataset(library)
  for (let k = 0; k < 4; k++) {
    await makeRun(library, { datasetId, iterations: 120, snapshots: [0, 119], status: 'finished' })
  }
  library.close()
  return folder
}

const out = () => path.join(makeFolder(), 'saved')

describe('a rescued library', () => {
  test('holds all that a whole one held', async () => {
    const [folder, saved] = [await makeClosed(), out()]
    expect(rescueLibrary(folder, saved)).toMatchObject({
      runs: 4,
      datasets: 1,
      brokenBlobs: 0,
      damagedTables: [],
    })
    const [before, after] = [makeLibrary(folder), makeLibrary(saved)]
    expect(listRuns(after)).toEqual(listRuns(before))
    expect(readSeries(after, 3, -1)).toEqual(readSeries(before, 3, -1))
    expect(readSnapshot(after, 3, 119)).toEqual(readSnapshot(before, 3, 119))
    expect(findFaults(saved)).toEqual([])
  })

  test('holds what lies before and behind a damaged page, and leaves the damaged library as it was', async () => {
    const [folder, saved] = [await makeClosed(), out()]
    const file = path.join(folder, 'library.sqlite')
    const library = openLibrary(folder)
    const bytes = library.db.pragma('page_size', { simple: true }) as number
    const root = library.db
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'rho_hats'")
      .pluck()
      .get() as number
    library.close()
    const handle = openSync(file, 'r+')
    writeSync(handle, Buffer.alloc(bytes, 0xff), 0, bytes, (root - 1) * bytes)
    closeSync(handle)
    const before = readFileSync(file)
    const rescue = rescueLibrary(folder, saved)
    expect(rescue).toMatchObject({ runs: 4, datasets: 1, damagedTables: ['rho_hats'] })
    expect(readSeries(makeLibrary(saved), 4, -1).count).toBe(120)
    expect(findFaults(saved)).toEqual([])
    expect(readFileSync(file)).toEqual(before)
  })

  test('holds no weights that are not what they were', async () => {
    const [folder, saved] = [await makeClosed(), out()]
    const library = openLibrary(folder)
    const hash = library.db
      .prepare('SELECT blob_hash FROM snapshots WHERE run_id = 2')
      .pluck()
      .get() as string
    writeFileSync(library.blobs.path(hash), 'rubbish')
    library.close()
    expect(rescueLibrary(folder, saved)).toMatchObject({ runs: 4, brokenBlobs: 1 })
    expect(findFaults(saved)).toEqual([])
  })

  test('is not written over another', async () => {
    const folder = await makeClosed()
    expect(() => rescueLibrary(folder, folder)).toThrow(expect.objectContaining({ code: 'conflict' }))
    expect(() => rescueLibrary(out(), out())).toThrow(expect.objectContaining({ code: 'notFound' }))
  })
})

test('wherever bytes of a library are changed, it opens or says in one sentence why not; what is saved is whole', async () => {
  const source = await makeClosed()
  const whole = readFileSync(path.join(source, 'library.sqlite'))
  const flips = fc.array(
    fc.tuple(fc.double({ min: 0, max: 0.9999, noNaN: true }), fc.integer({ min: 1, max: 255 })),
    {
      minLength: 1,
      maxLength: 64,
    },
  )
  fc.assert(
    fc.property(flips, (flips) => {
      const folder = makeFolder()
      cpSync(source, folder, { recursive: true })
      const bytes = Buffer.from(whole)
      for (const [share, mask] of flips) bytes[Math.floor(share * bytes.length)] ^= mask
      writeFileSync(path.join(folder, 'library.sqlite'), bytes)
      const look = (work: () => unknown) => {
        try {
          work()
        } catch (error) {
          expect(error).toBeInstanceOf(LabError)
          expect((error as LabError).message).toMatch(/^[^\n]+\.$/)
        }
      }
      look(() => {
        const library = openLibrary(folder)
        try {
          listDatasets(library)
          for (const { id } of listRuns(library)) {
            getRun(library, id)
            readSeries(library, id, -1)
          }
        } finally {
          library.close()
        }
      })
      writeFileSync(path.join(folder, 'library.sqlite'), bytes)
      const saved = out()
      look(() => {
        rescueLibrary(folder, saved)
        // A number may be another number, the name of a file another name; yet all of it opens and refers to something.
        expect(
          findFaults(saved).filter(
            (fault) => !/iterations up to|says .* iterations|ahead of|^blob/.test(fault),
          ),
        ).toEqual([])
      })
    }),
    { numRuns: Number(process.env.RHO_LAB_FLIPS ?? 25) },
  )
})
