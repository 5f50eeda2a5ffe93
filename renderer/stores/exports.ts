import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ExportKind, ExportRequest } from '#shared/domain/exportRequest.ts'
import { call, callOrShow } from '../ipc/call.ts'
import { useNavigation } from './navigation.ts'
import { notation } from '../format/notation.ts'
import { useRunQuery } from './runQuery.ts'
import { useSelection } from './selection.ts'
import { useToasts } from './toasts.ts'

/** What the export dialog is open for. */
export interface ExportSubject {
  runIds: readonly number[]
  /** The snapshot that was shown where it was opened; null for the newest. */
  iteration: number | null
}

/** The export dialog: what it is open for, and the writing. */
export const useExports = defineStore('exports', () => {
  const subject = shallowRef<ExportSubject | null>(null)
  /** What was chosen last, for the next time. */
  const kind = shallowRef<ExportKind>('npz')
  const isWriting = shallowRef(false)
  const isCancelling = shallowRef(false)
  /** Why the last try wrote nothing. */
  const problem = shallowRef<string | null>(null)
  /** The snapshot that the run's page shows. */
  const shownIteration = shallowRef<number | null>(null)

  function open(runIds: readonly number[], iteration: number | null = null): void {
    if (isWriting.value || runIds.length === 0) return
    problem.value = null
    subject.value = { runIds: [...runIds], iteration }
  }

  function close(): void {
    if (!isWriting.value) subject.value = null
  }

  /** Opens it for the run that is shown, those that are compared, or else the selected ones. */
  function openHere(): void {
    const { route } = useNavigation()
    const { runIds } = useSelection()
    if (route.view === 'run') open([route.runId], shownIteration.value)
    else if (route.view === 'unit') open([route.runId], route.iteration)
    else if (route.view === 'compare') open(route.runIds)
    else if (runIds.length > 0) open(runIds)
    else useToasts().error('There is nothing to export here. Open a run, or select runs in the table.')
  }

  /** Asks where and writes; stays open when that was cancelled or went wrong. */
  async function write(request: ExportRequest): Promise<void> {
    isWriting.value = true
    problem.value = null
    try {
      const path = await call('exports.write', request)
      if (path === null) return
      subject.value = null
      useToasts().done(`Saved ${path}`)
    } catch (error) {
      problem.value = isCancelling.value ? null : error instanceof Error ? error.message : String(error)
    } finally {
      isWriting.value = false
      isCancelling.value = false
    }
  }

  async function cancel(): Promise<void> {
    isCancelling.value = true
    // There is nothing to cancel while the system asks where.
    if (!(await callOrShow('transfers.cancel', 'export'))) isCancelling.value = false
  }

  /** Asks where and writes the table of runs as it is shown. */
  async function writeTable(): Promise<void> {
    const path = await callOrShow('runs.writeCsv', useRunQuery().view, notation)
    if (path) useToasts().done(`Saved ${path}`)
  }

  return {
    subject,
    kind,
    isWriting,
    isCancelling,
    problem,
    shownIteration,
    open,
    openHere,
    close,
    write,
    cancel,
    writeTable,
  }
})
