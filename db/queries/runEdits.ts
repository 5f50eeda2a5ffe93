import { LabError } from '#shared/domain/labError.ts'
import type { RunStatus } from '#shared/domain/run.ts'
import type { Library } from '../library.ts'
import { writing } from '../transaction.ts'
import { checkedName } from './naming.ts'

const longestTag = 60
const mostTags = 50

/** @throws LabError notFound; badInput for a blank or overlong name */
export function renameRun(library: Library, id: number, name: string): void {
  const wanted = checkedName(name, 'run')
  update(library, id, 'UPDATE runs SET name = ? WHERE id = ?', wanted)
}

/** @throws LabError notFound */
export function setNotes(library: Library, id: number, notes: string): void {
  update(library, id, 'UPDATE runs SET notes = ? WHERE id = ?', notes)
}

/** Replaces a run's tags; blank ones and repetitions are left out. @throws LabError notFound, badInput */
export function setTags(library: Library, id: number, tags: readonly string[]): void {
  writing(library, () => {
    if (statusOf(library, id) === undefined) throw gone(id)
    library.db.prepare('DELETE FROM run_tags WHERE run_id = ?').run(id)
    writeTags(library, id, tags)
  })
}

/** Adds tags to a run without any; inside a transaction. */
export function writeTags(library: Library, id: number, tags: readonly string[]): void {
  const wanted = new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ''))
  if (wanted.size > mostTags)
    throw new LabError('badInput', `A run has at most ${mostTags} tags; leave some out.`)
  const insert = library.db.prepare('INSERT INTO run_tags (run_id, tag) VALUES (?, ?)')
  for (const tag of wanted) {
    if (tag.length > longestTag) {
      throw new LabError(
        'badInput',
        `The tag "${tag.slice(0, 20)}…" is longer than ${longestTag} characters; shorten it.`,
      )
    }
    insert.run(id, tag)
  }
}

/** Puts runs away, or takes them out again: all of them or none. @throws LabError notFound */
export function archiveRuns(library: Library, ids: readonly number[], isArchived: boolean): void {
  writing(library, () => {
    const update = library.db.prepare('UPDATE runs SET archived_at = ? WHERE id = ? AND deleted_at IS NULL')
    const archivedAt = isArchived ? new Date().toISOString() : null
    for (const id of new Set(ids)) if (update.run(archivedAt, id).changes === 0) throw gone(id)
  })
}

function update(library: Library, id: number, sql: string, value: string): void {
  const { changes } = writing(library, () => library.db.prepare(sql).run(value, id))
  if (changes === 0) throw gone(id)
}

/** undefined where the run is not there. */
export function statusOf(library: Library, id: number): RunStatus | undefined {
  return library.db.prepare<[number], RunStatus>('SELECT status FROM runs WHERE id = ?').pluck().get(id)
}

export const gone = (id: number) =>
  new LabError('notFound', `There is no run ${id}; it may have been removed. List the runs again.`)
