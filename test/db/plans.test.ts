import { beforeEach, describe, expect, test, vi } from 'vitest'
import { freeBlobs } from '#db/blobRows.ts'
import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { appendIterations, readRhoHat, readSeries, readSparklines } from '#db/queries/iterations.ts'
import { findRun, getRun, heartbeat, listRuns, markInterrupted } from '#db/queries/runs.ts'
import { readSnapshot, readSprites } from '#db/queries/snapshots.ts'
import { readImages, readPositions } from '#db/queries/datasetImages.ts'
import { lastRecorded, listRunsAlike, readFilters, readUnitRhoHat } from '#db/queries/units.ts'
import { listSweepRuns, measureAt, stopAfterOf } from '#db/queries/sweepRuns.ts'
import { getSweep, insertSweep } from '#db/queries/sweeps.ts'
import { makeSweep } from '../sweep/makeSweep.ts'
import { makeDataset, makeLibrary, makeRecord, makeRun } from './makeLibrary.ts'

interface Plan {
  sql: string
  steps: string[]
}

/** The statements that some work prepares, each with what SQLite does to carry it out. */
function plansOf(library: Library, work: () => unknown): Plan[] {
  const prepare = vi.spyOn(library.db, 'prepare')
  try {
    work()
    return [...new Set(prepare.mock.calls.map(([sql]) => sql))].map((sql) => ({
      sql,
      steps: stepsOf(library, sql),
    }))
  } finally {
    prepare.mockRestore()
  }
}

function stepsOf(library: Library, sql: string): string[] {
  const bound = sql.replaceAll(/\?\d*|@\w+/g, "'1'")
  const rows = library.db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${bound}`).all()
  return rows.map(({ detail }) => detail)
}

const bulky = /\b(iterations|rho_hats|snapshots|checkpoints|run_tags|dataset_images)\b/
// One row, or the handful of runs that are running or queued.
const smallScan = /^SCAN (CONSTANT ROW|newest|runs USING INDEX runs_under_way|json_each .*)$/
const scansOf = (plans: Plan[]) =>
  plans.flatMap(({ steps }) => steps.filter((step) => step.startsWith('SCAN')))

let library: Library
let id: number
beforeEach(async () => {
  library = makeLibrary()
  id = await makeRun(library, { iterations: 5, snapshots: [0], status: 'running' })
  insertSweep(library, {
    name: 'sparsity',
    datasetId: 1,
    sweep: makeSweep(),
    runs: [],
    appVersion: '',
    machine: '',
  })
})

describe('a list', () => {
  test('of 10 000 runs is one statement over narrow rows, without series, snapshots or blobs', async () => {
    const datasetId = await makeDataset(library)
    const copy = library.db.prepare(
      `INSERT INTO runs (name, dataset_id, status, created_at, config, dataset_hash, app_version, machine)
       SELECT name, ?, 'finished', created_at, config, dataset_hash, app_version, machine FROM runs WHERE id = ?`,
    )
    library.db.transaction(() => {
      for (let k = 1; k < 10_000; k++) copy.run(datasetId, id)
    })()
    const read = vi.spyOn(library.blobs, 'read')
    let runs: unknown[] = []
    const plans = plansOf(library, () => (runs = listRuns(library)))
    expect(runs).toHaveLength(10_000)
    expect(read).not.toHaveBeenCalled()
    expect(plans).toHaveLength(1)
    // Nothing else is touched: no series, no snapshots, no sorting.
    expect(plans[0].steps).toEqual([
      'SCAN runs',
      'SEARCH datasets USING INTEGER PRIMARY KEY (rowid=?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH run_tags USING PRIMARY KEY (run_id=?)',
      'CORRELATED SCALAR SUBQUERY 2',
      'SEARCH checkpoints USING INTEGER PRIMARY KEY (rowid=?)',
    ])
    expect(plans[0].sql).not.toMatch(/notes/)
  })

  test('of datasets counts runs by an index and reads no images', () => {
    const plans = plansOf(library, () => listDatasets(library))
    expect(plans).toHaveLength(1)
    expect(scansOf(plans)).toEqual(['SCAN datasets'])
    expect(plans[0].steps.join()).toContain('USING COVERING INDEX runs_by_dataset')
    expect(plans[0].sql).not.toMatch(bulky)
  })
})

describe('what belongs to one run is looked up, never searched for', () => {
  test.each<[string, () => unknown]>([
    ['the run', () => getRun(library, id)],
    ['a run by name', () => findRun(library, 'EDGES')],
    ['its series', () => readSeries(library, id, 2)],
    ['its ρ̂', () => readRhoHat(library, id, 3)],
    ['its weights', () => readSnapshot(library, id, 3)],
    ['its filters', () => readFilters(library, id)],
    ['its last iteration', () => lastRecorded(library, id)],
    ['ρ̂ of one unit', () => readUnitRhoHat(library, id, 1, [0, 2])],
    ['images of a dataset', () => readImages(library, 1, [0])],
    ['where its patches lie', () => readPositions(library, 1)],
    ['sprites', () => readSprites(library, [id])],
    ['sparklines', () => readSparklines(library, [id])],
    ['a sweep', () => getSweep(library, 1)],
    ['its runs', () => listSweepRuns(library, 1)],
    ['its measure at a comparison', () => measureAt(library, id, 'cost', 3)],
    ['where it is to stop', () => stopAfterOf(library, id)],
    ['new iterations', () => appendIterations(library, id, [makeRecord(5)])],
    ['heartbeats', () => heartbeat(library, 'test', momentNow())],
    ['silent owners', () => markInterrupted(library, { date: new Date(0), clockMs: 0 })],
  ])('%s', (_, work) => {
    const plans = plansOf(library, work)
    expect(plans.length).toBeGreaterThan(0)
    const scans = scansOf(plans).filter((step) => !smallScan.test(step))
    expect(scans).toEqual([])
  })

  test('runs of the same patch size, but for the narrow rows of runs', () => {
    const plans = plansOf(library, () => listRunsAlike(library, id, 50))
    expect(scansOf(plans)).toEqual(['SCAN runs'])
    expect(plans[0].steps.join()).not.toContain('TEMP B-TREE')
  })

  test('whether a blob is used is asked of indexes, but for the few datasets', () => {
    const plans = plansOf(library, () => freeBlobs(library, library.blobs.list()))
    expect(scansOf(plans).filter((step) => /snapshots|checkpoints/.test(step))).toEqual([])
  })
})
