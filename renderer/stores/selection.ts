import { defineStore } from 'pinia'
import { computed } from 'vue'
import { z } from 'zod'
import { stored } from './stored.ts'

/** At most so many runs are compared at once: there are eight series colours. */
export const maxCompared = 8

/** One selected run: its letter and series (1 to 8, as in `--series-1`) stay until it is cleared. */
export interface SelectedRun {
  runId: number
  slot: number
  letter: string
  series: number
}

/** A … Z, then AA, AB, … */
function letterOf(slot: number): string {
  const last = String.fromCharCode(65 + (slot % 26))
  return slot < 26 ? last : letterOf(Math.floor(slot / 26) - 1) + last
}

const distinct = (values: readonly number[]): boolean => new Set(values).size === values.length

/** What is kept of the selection: letter and series follow from the slot. */
const chosenSchema = z
  .array(z.strictObject({ runId: z.number().int().min(1), slot: z.number().int().min(0).max(100_000) }))
  .refine((chosen) => distinct(chosen.map(({ slot }) => slot)) && distinct(chosen.map(({ runId }) => runId)))
type Chosen = z.infer<typeof chosenSchema>[number]

const withLetter = ({ runId, slot }: Chosen): SelectedRun => ({
  runId,
  slot,
  letter: letterOf(slot),
  series: (slot % maxCompared) + 1,
})

/** Runs chosen to be compared, exported or deleted, in the order of choosing. */
export const useSelection = defineStore('selection', () => {
  const chosen = stored<readonly Chosen[]>('runs.selected', chosenSchema, [])
  const selected = computed(() => chosen.value.map(withLetter))

  const byRunId = computed(() => new Map(selected.value.map((run) => [run.runId, run])))
  const runIds = computed(() => selected.value.map((run) => run.runId))
  const count = computed(() => selected.value.length)

  const of = (runId: number): SelectedRun | undefined => byRunId.value.get(runId)
  const has = (runId: number): boolean => byRunId.value.has(runId)

  /** Adds runs that are not selected yet, each with the first free letter. */
  function add(ids: readonly number[]): void {
    const taken = new Set(selected.value.map((run) => run.slot))
    const present = new Set(runIds.value)
    const added: Chosen[] = []
    let slot = 0
    for (const runId of ids) {
      if (present.has(runId)) continue
      present.add(runId)
      while (taken.has(slot)) slot++
      taken.add(slot)
      added.push({ runId, slot })
    }
    if (added.length > 0) chosen.value = [...chosen.value, ...added]
  }

  function remove(ids: readonly number[]): void {
    const gone = new Set(ids)
    const left = chosen.value.filter((run) => !gone.has(run.runId))
    if (left.length !== chosen.value.length) chosen.value = left
  }

  function toggle(runId: number): void {
    if (has(runId)) remove([runId])
    else add([runId])
  }

  function clear(): void {
    chosen.value = []
  }

  return { selected, runIds, count, of, has, add, remove, toggle, clear }
})
