import { beforeEach, expect, test } from 'vitest'
import type { Library } from '#db/library.ts'
import { listViews, removeView, renameView, saveView } from '#db/queries/tableViews.ts'
import { defaultView } from '#shared/query/tableView.ts'
import { makeLibrary } from './makeLibrary.ts'

let library: Library
beforeEach(() => void (library = makeLibrary()))

const names = () => listViews(library).map(({ name }) => name)

test('a view is kept by name and comes back as it was', () => {
  const view = { ...defaultView, query: 'tag:thesis', groupBy: 'rho' as const }
  saveView(library, ' thesis ', view)
  saveView(library, 'best', defaultView)
  expect(listViews(library)).toMatchObject([{ name: 'best' }, { name: 'thesis', view }])
})

test('saving under a name that is there overwrites, whatever the letter case', () => {
  const first = saveView(library, 'Thesis', defaultView)
  const second = saveView(library, 'thesis', { ...defaultView, query: 'cost<1' })
  expect(second.id).toBe(first.id)
  expect(listViews(library)).toMatchObject([{ name: 'Thesis', view: { query: 'cost<1' } }])
})

test('a view is renamed and removed; a name that is taken or blank is refused', () => {
  const { id } = saveView(library, 'one', defaultView)
  saveView(library, 'two', defaultView)
  expect(() => renameView(library, id, 'TWO')).toThrow('Another view is called')
  expect(() => renameView(library, id, ' ')).toThrow('needs a name')
  renameView(library, id, 'ONE')
  expect(names()).toEqual(['ONE', 'two'])
  removeView(library, id)
  expect(names()).toEqual(['two'])
  expect(() => removeView(library, id)).toThrow('There is no view')
})

test('a view of a newer version, with columns not known here, is left out and kept', () => {
  saveView(library, 'fine', defaultView)
  library.db
    .prepare("INSERT INTO table_views (name, view) VALUES ('newer', ?)")
    .run(JSON.stringify({ ...defaultView, columns: ['name', 'hologram'] }))
  expect(names()).toEqual(['fine'])
  expect(library.db.prepare('SELECT count(*) FROM table_views').pluck().get()).toBe(2)
})
