import { defineStore } from 'pinia'
import { undoMs } from '#shared/domain/removal.ts'
import { shownKeys } from '#shared/commands/commands.ts'
import { formatCountOf } from '../format/number.ts'
import { callOrShow } from '../ipc/call.ts'
import { useRuns } from './runs.ts'
import { useSelection } from './selection.ts'
import { useToasts } from './toasts.ts'

/** Deletes runs, and takes that back for as long as the message about it is shown. */
export const useRemoval = defineStore('removal', () => {
  const runs = useRuns()
  const toasts = useToasts()
  /** What can be taken back, the last deletion last. */
  let undoable: { toastId: number; runIds: readonly number[] }[] = []

  async function remove(ids: readonly number[]): Promise<void> {
    const runIds = [...ids]
    const [only] = runIds.map((id) => runs.byId.get(id)?.name)
    if (runIds.length === 0 || (await callOrShow('runs.remove', runIds)) === undefined) return
    useSelection().remove(runIds)
    runs.drop(runIds)
    const what = runIds.length === 1 ? `“${only ?? 'the run'}”` : formatCountOf(runIds.length, 'run')
    const keys = shownKeys('CmdOrCtrl+Z', window.lab.platform)
    const action = { label: 'Undo', keys, perform: () => void undo(toastId) }
    const toastId = toasts.offer(`Deleted ${what}`, action, undoMs)
    undoable.push({ toastId, runIds })
    setTimeout(() => (undoable = undoable.filter((one) => one.toastId !== toastId)), undoMs)
  }

  /** Takes the last deletion back, or that of a message; does nothing where there is none. */
  async function undo(toastId = undoable.at(-1)?.toastId): Promise<void> {
    const last = undoable.find((one) => one.toastId === toastId)
    if (!last) return
    undoable = undoable.filter((one) => one !== last)
    toasts.dismiss(last.toastId)
    await callOrShow('runs.restore', [...last.runIds])
    await runs.refresh()
  }

  return { remove, undo }
})
