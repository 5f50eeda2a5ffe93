import { shallowRef, watch } from 'vue'
import { columns, type Column } from './columns.ts'

const storageKey = 'runs.hiddenColumns'

function read(): Column['key'][] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(stored) ? columns.map(({ key }) => key).filter((key) => stored.includes(key)) : []
  } catch {
    return []
  }
}

/** Columns that a person has put away; remembered by this window. */
export function useHiddenColumns() {
  const hidden = shallowRef<readonly Column['key'][]>(read())
  watch(hidden, (keys) => localStorage.setItem(storageKey, JSON.stringify(keys)))
  return hidden
}
