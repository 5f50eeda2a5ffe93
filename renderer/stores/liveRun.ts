import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { toErrorReply } from '#shared/domain/labError.ts'
import { isUnderWay, seriesPage, type IterationColumns, type RunDetail } from '#shared/domain/run.ts'
import type { LiveMessage } from '#shared/ipc/contract.ts'
import { createPaintThrottle } from './paintThrottle.ts'
import { call } from '../ipc/call.ts'
import { IterationSeries } from './iterationSeries.ts'
import { createLivePort } from './livePort.ts'
import { createRefresher } from './refresher.ts'

/** Filters as the session has them now, ahead of any snapshot. */
export interface LiveWeights {
  iteration: number
  /** h × n row-major */
  W1: Float32Array
  rhoHat: Float32Array
}

/** One run, followed while it lives. */
export interface LiveRun {
  /** null until it has arrived. */
  readonly detail: Readonly<ShallowRef<RunDetail | null>>
  readonly columns: Readonly<ShallowRef<IterationColumns>>
  /** null where no session of this process runs; the newest snapshot is shown then. */
  readonly weights: Readonly<ShallowRef<LiveWeights | null>>
  /** Why the run could not be read, in one sentence. */
  readonly error: Readonly<ShallowRef<string | null>>
  /** It was there and is not any more: removed, here or by another process. */
  readonly isRemoved: Readonly<ShallowRef<boolean>>
  /** Reads the run anew, after something changed it. */
  refresh(): void
}

/**
 * Follows a run until the calling scope ends: from the library, and, while this process carries it out, from the
 * session itself. A finished run and a live one are the same columns.
 */
export function useLiveRun(runId: number): LiveRun {
  const series = new IterationSeries()
  const detail = shallowRef<RunDetail | null>(null)
  const columns = shallowRef<IterationColumns>(series.view())
  const weights = shallowRef<LiveWeights | null>(null)
  const error = shallowRef<string | null>(null)
  const isRemoved = shallowRef(false)
  let isDisposed = false
  let isWatching = false
  let newest: LiveWeights | null = null

  const paint = createPaintThrottle(() => {
    columns.value = series.view()
    weights.value = newest
  })

  const port = createLivePort(runId, { window, watch: (id) => call('live.watch', id) }, take)

  function take(message: LiveMessage): void {
    if (message.type === 'iterations') {
      series.addRecords(message.records)
      // Rows between what the library had and where the port began are on their way to the library.
      if (series.lastWithoutGap < series.last) refresh()
    } else if (message.type === 'weights') {
      newest = message
    } else {
      isWatching = false
      newest = null
      refresh()
    }
    paint.ask()
  }

  /** Page by page, so that main is free for others between them. */
  async function readSeries(): Promise<void> {
    let after = series.lastWithoutGap
    for (;;) {
      const page = await call('runs.series', runId, after)
      if (isDisposed) return
      series.addColumns(page)
      if (page.count < seriesPage) return
      after = page.iteration[page.count - 1]
    }
  }

  async function read(): Promise<void> {
    if (isDisposed) return
    try {
      const next = await call('runs.get', runId)
      if (isDisposed) return
      if (next.status !== 'running' && next.status !== 'paused') isWatching = false
      else if (!isWatching) isWatching = await call('live.watch', runId)
      if (isDisposed) return
      const missing = !isWatching || series.lastWithoutGap < series.last || series.last < 0
      if (missing || !isUnderWay(next.status)) await readSeries()
      if (isDisposed) return
      // Together, so that the state never runs ahead of the curves.
      detail.value = next
      columns.value = series.view()
      error.value = null
      isRemoved.value = false
      if (!isUnderWay(next.status)) newest = weights.value = null
    } catch (thrown) {
      if (isDisposed) return
      error.value = thrown instanceof Error ? thrown.message : String(thrown)
      isRemoved.value = detail.value !== null && toErrorReply(thrown).code === 'notFound'
    }
  }

  const refresh = createRefresher(read, 400)
  const stopListening = window.lab.on('library.changed', ({ runs }) => {
    if (runs) refresh()
  })
  refresh()

  onScopeDispose(() => {
    isDisposed = true
    stopListening()
    port.close()
    paint.stop()
  })

  return { detail, columns, weights, error, isRemoved, refresh }
}
