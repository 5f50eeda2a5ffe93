import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { RunSummary } from '#shared/domain/run.ts'
import type { Sparkline, Sprite } from '#shared/ipc/contract.ts'
import { callOrShow } from '../ipc/call.ts'

const mostKept = 600
/** A live run's pictures are asked for again at most so often. */
const liveEveryMs = 2_000
const collectMs = 40

/** Sprites and sparklines of the runs on screen, kept by run and its iterations. */
export const useRowPictures = defineStore('rowPictures', () => {
  const sprites = shallowReactive(new Map<number, Sprite>())
  const sparklines = shallowReactive(new Map<number, Sparkline>())
  const asked = new Map<number, { iterations: number; atMs: number }>()
  const wanted = new Set<number>()
  let timer: ReturnType<typeof setTimeout> | null = null

  function isFresh(run: RunSummary): boolean {
    const last = asked.get(run.id)
    if (!last) return false
    return (
      last.iterations === run.iterations || (run.status === 'running' && Date.now() - last.atMs < liveEveryMs)
    )
  }

  /** Drops the runs that were asked for longest ago. */
  function forgetOldest(): void {
    for (const id of asked.keys()) {
      if (asked.size <= mostKept) return
      asked.delete(id)
      sprites.delete(id)
      sparklines.delete(id)
    }
  }

  async function fetchWanted(): Promise<void> {
    timer = null
    const ids = [...wanted]
    wanted.clear()
    const [newSprites, newSparklines] = await Promise.all([
      callOrShow('runs.sprites', ids),
      callOrShow('runs.sparklines', ids),
    ])
    for (const sprite of newSprites ?? []) sprites.set(sprite.runId, sprite)
    for (const sparkline of newSparklines ?? []) sparklines.set(sparkline.runId, sparkline)
    forgetOldest()
  }

  /** Says which runs are on screen; what is missing or old is fetched, all of it in one call. */
  function want(runs: readonly RunSummary[]): void {
    for (const run of runs) {
      if (isFresh(run)) continue
      asked.delete(run.id)
      asked.set(run.id, { iterations: run.iterations, atMs: Date.now() })
      wanted.add(run.id)
    }
    if (wanted.size > 0 && timer === null) timer = setTimeout(() => void fetchWanted(), collectMs)
  }

  return { sprites, sparklines, want }
})
