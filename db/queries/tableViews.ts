import { LabError } from '#shared/domain/labError.ts'
import { tableViewSchema, type SavedView, type TableView } from '#shared/query/tableView.ts'
import type { Library } from '../library.ts'
import { reading, writing } from '../transaction.ts'
import { checkedName } from './naming.ts'

interface ViewRow {
  id: number
  name: string
  view: string
}

/** Saved views by name. One that cannot be read (a newer Rho Lab wrote it) is left out. */
export function listViews(library: Library): SavedView[] {
  const rows = reading(library, () =>
    library.db.prepare<[], ViewRow>('SELECT id, name, view FROM table_views ORDER BY name').all(),
  )
  return rows.flatMap(({ id, name, view }) => {
    const read = tableViewSchema.safeParse(JSON.parse(view))
    return read.success ? [{ id, name, view: read.data }] : []
  })
}

/** Keeps a view; what had that name, in whatever letter case, is overwritten. @throws LabError badInput for its name */
export function saveView(library: Library, name: string, view: TableView): SavedView {
  const wanted = checkedName(name, 'view')
  const id = writing(library, () =>
    library.db
      .prepare<[string, string], number>(
        `INSERT INTO table_views (name, view) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET view = excluded.view RETURNING id`,
      )
      .pluck()
      .get(wanted, JSON.stringify(view)),
  )
  return { id: id ?? 0, name: wanted, view }
}

/** @throws LabError notFound; badInput for a blank name; conflict where another view has it */
export function renameView(library: Library, id: number, name: string): void {
  const wanted = checkedName(name, 'view')
  writing(library, () => {
    const other = library.db
      .prepare<[string, number], number>('SELECT id FROM table_views WHERE name = ? AND id <> ?')
      .pluck()
      .get(wanted, id)
    if (other !== undefined)
      throw new LabError('conflict', `Another view is called "${wanted}" already. Choose another name.`)
    const { changes } = library.db.prepare('UPDATE table_views SET name = ? WHERE id = ?').run(wanted, id)
    if (changes === 0) throw gone(id)
  })
}

/** @throws LabError notFound */
export function removeView(library: Library, id: number): void {
  const { changes } = writing(library, () =>
    library.db.prepare('DELETE FROM table_views WHERE id = ?').run(id),
  )
  if (changes === 0) throw gone(id)
}

const gone = (id: number) =>
  new LabError('notFound', `There is no view ${id}; it may have been deleted. List the views again.`)
