import { storedJson } from '#shared/domain/storedJson.ts'
import { LabError } from '#shared/domain/labError.ts'
import { wholeConfig } from '#shared/domain/runConfig.ts'
import type { Sweep, SweepStatus, SweepSummary } from '#shared/domain/sweep.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'
import { asId, checkedName, nameSome } from './naming.ts'
import { insertRun, type NewRun } from './runs.ts'

// Of a sweep that says it is running, nobody does anything where none of its runs is under way.
const summarySql = `
  SELECT sweeps.id, sweeps.name, sweeps.dataset_id, (
      SELECT coalesce(group_concat(name, ', '), datasets.name) FROM datasets AS trained
      WHERE id IN (SELECT dataset_id FROM runs WHERE sweep_id = sweeps.id AND deleted_at IS NULL)
    ) AS dataset_name, spec, sweeps.created_at,
    CASE WHEN sweeps.status = 'running' AND count(iif(runs.status IN ('queued', 'running', 'paused'), 1, NULL)) = 0
      THEN 'interrupted' ELSE sweeps.status END AS status,
    count(runs.id) AS runs,
    count(iif(runs.status IN ('finished', 'failed', 'stopped'), 1, NULL)) AS ended,
    count(iif(runs.status = 'failed', 1, NULL)) AS failed
  FROM sweeps CROSS JOIN datasets ON datasets.id = sweeps.dataset_id
    LEFT JOIN runs ON runs.sweep_id = sweeps.id AND runs.deleted_at IS NULL`

interface SummaryRow {
  id: number
  name: string
  dataset_id: number
  dataset_name: string
  spec: string
  created_at: string
  status: SweepStatus
  runs: number
  ended: number
  failed: number
}

function toSummary({ dataset_id, dataset_name, created_at, spec, ...row }: SummaryRow): SweepSummary {
  const sweep = storedJson<Sweep>(spec)
  return {
    ...row,
    datasetId: dataset_id,
    datasetName: dataset_name,
    createdAt: created_at,
    sweep: { ...sweep, base: wholeConfig(sweep.base) },
  }
}

/** All sweeps, newest first. */
export function listSweeps(library: Library): SweepSummary[] {
  const sql = `${summarySql} GROUP BY sweeps.id ORDER BY sweeps.id DESC`
  return reading(library, () => library.db.prepare<[], SummaryRow>(sql).all()).map(toSummary)
}

/** @throws LabError notFound */
export function getSweep(library: Library, id: number): SweepSummary {
  const sql = `${summarySql} WHERE sweeps.id = ? GROUP BY sweeps.id`
  const row = reading(library, () => library.db.prepare<[number], SummaryRow>(sql).get(id))
  if (!row) throw gone(id)
  return toSummary(row)
}

/**
 * A sweep by its id or its exact name; a name must mean one.
 * @throws LabError notFound, naming some there are; conflict where several have that name
 */
export function findSweep(library: Library, idOrName: string): SweepSummary {
  const sweeps = listSweeps(library)
  const id = asId(idOrName)
  const byId = sweeps.find((sweep) => sweep.id === id)
  if (byId) return byId
  const named = sweeps.filter(({ name }) => name.toLowerCase() === idOrName.trim().toLowerCase())
  if (named.length === 1) return named[0]
  if (named.length > 1) {
    const numbers = named.map((sweep) => sweep.id).join(', ')
    throw new LabError(
      'conflict',
      `${named.length} sweeps are called "${idOrName}" (${numbers}). Give the number of one.`,
    )
  }
  const rest = sweeps.length === 0 ? 'The library has none yet.' : `The newest are ${nameSome(sweeps)}.`
  throw new LabError('notFound', `There is no sweep "${idOrName}". ${rest}`)
}

export interface NewSweep {
  /** Blank: "Sweep" and its number. */
  name: string
  datasetId: number
  sweep: Sweep
  /** Its runs, in the order of its plan. */
  runs: readonly Pick<NewRun, 'name' | 'config' | 'datasetId'>[]
  appVersion: string
  machine: string
}

/**
 * A sweep, `running`, and all its runs, queued: all or nothing.
 * @returns its id
 * @throws LabError badInput for an overlong name or a dataset without its patches; notFound without the dataset
 */
export function insertSweep(library: Library, { name, datasetId, sweep, runs, ...maker }: NewSweep): number {
  return writing(library, () => {
    const there = library.db.prepare('SELECT 1 FROM datasets WHERE id = ?').get(datasetId)
    if (!there) throw new LabError('notFound', `There is no dataset ${datasetId}. Choose another one.`)
    const blank = name.trim() === ''
    const { lastInsertRowid } = library.db
      .prepare(
        `INSERT INTO sweeps (name, dataset_id, spec, created_at, status) VALUES (?, ?, ?, ?, 'running')`,
      )
      .run(
        blank ? '' : checkedName(name, 'sweep'),
        datasetId,
        JSON.stringify(sweep),
        new Date().toISOString(),
      )
    const id = Number(lastInsertRowid)
    if (blank) library.db.prepare('UPDATE sweeps SET name = ? WHERE id = ?').run(`Sweep ${id}`, id)
    for (const run of runs) {
      insertRun(library, { ...maker, ...run, preset: null, tags: [], sweepId: id })
    }
    return id
  })
}

/** @throws LabError notFound */
export function setSweepStatus(
  library: Library,
  id: number,
  status: Exclude<SweepStatus, 'interrupted'>,
): void {
  const { changes } = writing(library, () =>
    library.db.prepare('UPDATE sweeps SET status = ? WHERE id = ?').run(status, id),
  )
  if (changes === 0) throw gone(id)
}

/**
 * Removes a sweep; its runs stay, as runs of their own.
 * @throws LabError notFound; conflict while one of its runs is under way
 */
export function removeSweep(library: Library, id: number): void {
  writing(library, () => {
    const { name, status } = getSweep(library, id)
    if (status === 'running') {
      throw new LabError('conflict', `The sweep "${name}" is running. Stop it before you remove it.`)
    }
    library.db.prepare('DELETE FROM sweeps WHERE id = ?').run(id)
  })
}

const gone = (id: number) =>
  new LabError('notFound', `There is no sweep ${id}; it may have been removed. List the sweeps again.`)
