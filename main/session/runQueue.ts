import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { newOwner } from '#db/owner.ts'
import { setTurns } from '#db/queries/queue.ts'
import { getRun } from '#db/queries/runs.ts'
import { claimRun, endRun, heartbeat, queueRun, type RunEnd, type RunRequest } from '#db/queries/runStates.ts'
import { toErrorReply } from '#shared/domain/labError.ts'

export type QueuedRunEnd = Pick<RunEnd, 'status' | 'outcome' | 'message'>

/**
 * Where a worker takes its runs from. The library's own queue is the one below; runs for workers on other machines
 * would come through another queue with the same five verbs: add, claim, beat, complete, withdraw.
 */
export interface RunQueue {
  /** Puts a run at the end. @throws LabError conflict where it is under way or finished */
  add(runId: number): void
  /** Takes the next run, which nobody else gets as long as this worker beats; null where none waits. */
  claim(): number | null
  /** Says that this worker lives, and which of its runs are paused. @returns what others ask of its runs */
  beat(paused: readonly number[]): RunRequest[]
  /** Gives back a claimed run. @throws LabError conflict where another worker has claimed it meanwhile */
  complete(runId: number, end: QueuedRunEnd): void
  /** Takes a run out that waits. @returns false where it does not wait here */
  withdraw(runId: number): boolean
  /** In the order in which they will be claimed. */
  waiting(): number[]
  /** Puts a waiting run at a place, from 0; one that does not wait here stays where it is. */
  move(runId: number, place: number): void
}

/** The queue of one process over its library: the order is the process's own, and written down for others to see. */
export function createLibraryQueue(library: Library): RunQueue {
  const owner = newOwner()
  let order: number[] = []
  /** Of what waits, for others to see; they count up in the order. */
  const turns = new Map<number, number>()
  let lastTurn = 0
  const without = (runId: number) => order.filter((other) => other !== runId)
  function takeOut(runId: number): void {
    order = without(runId)
    turns.delete(runId)
  }

  return {
    add(runId) {
      queueRun(library, runId, owner, momentNow(), lastTurn + 1)
      turns.set(runId, ++lastTurn)
      order.push(runId)
    },
    claim() {
      for (;;) {
        const runId = order.at(0)
        if (runId === undefined) return null
        try {
          // Stopped by another process while it waited here.
          const isStopped = getRun(library, runId).status === 'stopped'
          if (!isStopped) claimRun(library, runId, owner, momentNow())
          takeOut(runId)
          if (!isStopped) return runId
        } catch (error) {
          // Another has it, or it is removed; else the library is busy or the disk full, and its turn comes again.
          if (!['conflict', 'notFound'].includes(toErrorReply(error).code)) return null
          takeOut(runId)
        }
      }
    },
    beat: (paused) => heartbeat(library, owner, momentNow(), paused),
    complete: (runId, end) => endRun(library, runId, { ...end, now: momentNow(), owner }),
    withdraw(runId) {
      if (!order.includes(runId)) return false
      endRun(library, runId, { status: 'stopped', outcome: 'stopped', message: null, now: momentNow() })
      takeOut(runId)
      return true
    },
    waiting: () => [...order],
    move(runId, place) {
      if (!order.includes(runId)) return
      const moved = without(runId).toSpliced(place, 0, runId)
      const inOrder = order.map((id) => turns.get(id)!)
      const changed = moved.flatMap((id, at) =>
        turns.get(id) === inOrder[at] ? [] : [[id, inOrder[at]] as const],
      )
      setTurns(library, changed)
      for (const [id, turn] of changed) turns.set(id, turn)
      order = moved
    },
  }
}
