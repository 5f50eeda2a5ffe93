import type { RunDetail } from '#shared/domain/run.ts'

/** Shorter runs end while one still looks. */
const leastMs = 60_000

export interface Notice {
  title: string
  body: string
}

export interface EndNoticesOptions {
  /** Runs that this process carries out now. */
  active(): number[]
  /** @throws where it is gone */
  getRun(runId: number): Pick<RunDetail, 'name' | 'status' | 'iterations' | 'cost' | 'elapsedMs' | 'message'>
  /** Whether the user sees the window anyway. */
  isInFront(): boolean
  show(notice: Notice, runId: number): void
}

/** Tells of long runs that end while the user is elsewhere. */
export function createEndNotices({ active, getRun, isInFront, show }: EndNoticesOptions) {
  const started = new Set<number>()
  let isClosed = false
  return {
    /** Something about a run of this process was written. */
    look(runId: number): void {
      if (isClosed) return
      if (active().includes(runId)) {
        started.add(runId)
        return
      }
      if (!started.delete(runId) || isInFront()) return
      const run = getRun(runId)
      if (run.elapsedMs > leastMs) show(noticeOf(run), runId)
    },
    /** What is stopped from now on is stopped by closing. */
    close: () => void (isClosed = true),
  }
}

const verbs: Record<RunDetail['status'], string> = {
  queued: 'waits',
  running: 'runs',
  paused: 'is paused',
  finished: 'finished',
  stopped: 'stopped',
  failed: 'failed',
  interrupted: 'was interrupted',
}

function noticeOf(run: ReturnType<EndNoticesOptions['getRun']>): Notice {
  const { name, status, iterations, cost, elapsedMs, message } = run
  const minutes = Math.round(elapsedMs / 60_000)
  const done = `${iterations} iterations in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
  return {
    title: `“${name}” ${verbs[status]}`,
    body: message ?? (cost === null ? done : `Cost ${cost.toFixed(4)} after ${done}`),
  }
}
