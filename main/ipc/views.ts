import { z } from 'zod'
import { listViews, removeView, renameView, saveView } from '#db/queries/tableViews.ts'
import { tableViewSchema } from '#shared/query/tableView.ts'
import type { Handle } from './handle.ts'
import { id, name } from './schemas.ts'
import type { Services } from './services.ts'

/** Saved views of the table of runs. */
export function handleViews(handle: Handle, { library }: Services): void {
  handle('views.list', z.tuple([]), () => listViews(library))
  handle('views.save', z.tuple([name, tableViewSchema]), (name, view) => saveView(library, name, view))
  handle('views.rename', z.tuple([id, name]), (viewId, name) => {
    renameView(library, viewId, name)
    return null
  })
  handle('views.remove', z.tuple([id]), (viewId) => {
    removeView(library, viewId)
    return null
  })
}
