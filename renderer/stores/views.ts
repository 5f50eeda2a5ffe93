import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SavedView } from '#shared/query/tableView.ts'
import { callOrShow } from '../ipc/call.ts'
import { useRunQuery } from './runQuery.ts'

/** Saved views of the table of runs; they are in the library. */
export const useViews = defineStore('views', () => {
  const runQuery = useRunQuery()
  const saved = shallowRef<readonly SavedView[]>([])
  /** The saved view that is shown, as long as nothing of it is changed. */
  const current = computed(() => {
    const shown = JSON.stringify(runQuery.view)
    return saved.value.find(({ view }) => JSON.stringify(view) === shown) ?? null
  })

  async function refresh(): Promise<void> {
    saved.value = (await callOrShow('views.list')) ?? saved.value
  }

  /** What is shown now, under a name; a view of that name is overwritten. */
  async function save(name: string): Promise<void> {
    await callOrShow('views.save', name, runQuery.view)
    await refresh()
  }

  function apply({ view }: SavedView): void {
    runQuery.view = view
  }

  async function rename(id: number, name: string): Promise<void> {
    await callOrShow('views.rename', id, name)
    await refresh()
  }

  async function remove(id: number): Promise<void> {
    await callOrShow('views.remove', id)
    await refresh()
  }

  return { saved, current, refresh, save, apply, rename, remove }
})
