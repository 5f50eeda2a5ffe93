import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { claimName, newOwner } from '#db/owner.ts'
import { beat, type Claim, type LostRun, type RunRequest } from '#db/queries/ownership.ts'
import { setTurns } from '#db/queries/queue.ts'
import { getRun } from '#db/queries/runs.ts'
import { claimRun, endRun, queueRun } from '#db/queries/runStates.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { createLibraryStore, type RunStore } from './runStore.ts'

/** A run that this worker has taken, and where what it does is written. */
export interface ClaimedRun {
  runId: number
  store: RunStore
}

/**
 * Where a worker takes its runs from. The library's own queue is the one below; runs for workers on other machines
 * would come through another queue with the same verbs: add, claim, beat, withdraw; a claimed run is given back by the
 * end that is written to its store.
 */
export interface RunQueue {
  /** Puts a run at the end. @throws LabError conflict where it is under way or finished */
  add(runId: number): void
  /**
   * Takes the next run, which nobody else gets as long as this worker beats; null where none waits, or none can be taken
   * while the library is busy.
   * @throws LabError diskFull, libraryGone and the like: the run keeps its turn
   */
  claim(): ClaimedRun | null
  /**
   * Says that this worker lives, and which of its runs are paused.
   * @returns what others ask of its runs, and, once each, those that are not its own any more
   */
  beat(paused: readonly number[]): { requests: RunRequest[]; lost: LostRun[] }
  /** Takes a run out that waits. @returns false where it does not wait here, or not any more */
  withdraw(runId: number): boolean
  /** In the order in which they will be claimed. */
  waiting(): number[]
  /** Puts a waiting run at a place, from 0; one that does not wait here stays where it is. */
  move(runId: number, place: number): void
}

/** The queue of one process over its library: the order is the process's own, and written down for others to see. */
export function createLibraryQueue(library: Library, now = momentNow): RunQueue {
  const owner = newOwner()
  const claims = new Map<number, Claim>()
  let claimCount = 0
  let order: number[] = []
  /** Of what waits, for others to see; they count up in the order. */
  const turns = new Map<number, number>()
  let lastTurn = 0
  const without = (runId: number) => order.filter((other) => other !== runId)
  function takeOut(runId: number): void {
    order = without(runId)
    turns.delete(runId)
  }

  function take(runId: number): ClaimedRun {
    const claim = { runId, owner: claimName(owner, ++claimCount) }
    claimRun(library, runId, claim.owner, now())
    claims.set(runId, claim)
    const store = createLibraryStore(library, claim, now)
    const end: RunStore['end'] = (end) => {
      store.end(end)
      // Else the next heartbeat would call it lost.
      if (claims.get(runId) === claim) claims.delete(runId)
    }
    return { runId, store: { ...store, end } }
  }

  return {
    add(runId) {
      queueRun(library, runId, owner, now(), lastTurn + 1)
      turns.set(runId, ++lastTurn)
      order.push(runId)
    },
    claim() {
      for (;;) {
        const runId = order.at(0)
        if (runId === undefined) return null
        try {
          // Another process may have stopped it while it waited here, or trained it to its end while this one slept.
          const waits = ['queued', 'interrupted'].includes(getRun(library, runId).status)
          const claimed = waits ? take(runId) : null
          takeOut(runId)
          if (claimed) return claimed
        } catch (error) {
          const { code } = toErrorReply(error)
          if (code === 'libraryBusy') return null
          // Else another has it, or it is removed.
          if (code !== 'conflict' && code !== 'notFound') throw error
          takeOut(runId)
        }
      }
    },
    beat(paused) {
      const heard = beat(library, owner, [...claims.values()], now(), paused)
      for (const { runId } of heard.lost) claims.delete(runId)
      return heard
    },
    withdraw(runId) {
      if (!order.includes(runId)) return false
      let isOurs = true
      try {
        const end = { status: 'stopped', outcome: 'stopped', message: null } as const
        endRun(library, runId, { ...end, now: now(), owner })
      } catch (error) {
        if (toErrorReply(error).code !== 'lostRun') throw error
        isOurs = false
      }
      takeOut(runId)
      return isOurs
    },
    waiting: () => [...order],
    move(runId, place) {
      if (!order.includes(runId)) return
      const moved = without(runId).toSpliced(place, 0, runId)
      const inOrder = order.map((id) => turns.get(id)!)
      const changed = moved.flatMap((id, at) =>
        turns.get(id) === inOrder[at] ? [] : [[id, inOrder[at]] as const],
      )
      setTurns(library, owner, changed)
      for (const [id, turn] of changed) turns.set(id, turn)
      order = moved
    },
  }
}
