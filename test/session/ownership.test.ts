import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Moment } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { statusOf } from '#db/queries/runEdits.ts'
import { markInterrupted, removeRuns, trashRuns } from '#db/queries/runs.ts'
import { createLibraryQueue, type RunQueue } from '#main/session/runQueue.ts'
import type { RunStore } from '#main/session/runStore.ts'
import { LabError, toErrorReply } from '#shared/domain/labError.ts'
import { makeDataset, makeLibrary, makeRecord, makeRun } from '../db/makeLibrary.ts'
import { tries } from '../thorough.ts'

/** Everything that the library keeps of a run. */
function everythingOf(library: Library, id: number): unknown {
  const rows = (table: string, column = 'run_id') =>
    library.db.prepare<[number]>(`SELECT * FROM ${table} WHERE ${column} = ?`).all(id)
  return {
    runs: rows('runs', 'id'),
    ...Object.fromEntries(
      ['iterations', 'rho_hats', 'snapshots', 'checkpoints'].map((table) => [table, rows(table)]),
    ),
    blobs: library.blobs.list().toSorted(),
  }
}

/** What a session may have to say, at once or much later; `mark` sets it apart from all others. */
const words = {
  engine: (store: RunStore, mark: number) =>
    store.describe(
      { engine: 'reference', backend: `${mark}`, device: 'CPU', precision: 'float64', reason: 'A test.' },
      { lab: `${mark}` },
    ),
  records: (store: RunStore, mark: number) => store.append([makeRecord(mark % 5, { elapsedMs: mark })]),
  snapshot: (store: RunStore, mark: number) =>
    store.snapshot(mark % 5, new Float32Array(31).fill(mark), Float32Array.of(mark, 0, 0)),
  checkpoint: (store: RunStore, mark: number) => store.checkpoint(mark % 5, Uint8Array.of(mark, mark >> 8)),
  rewind: (store: RunStore, mark: number) => store.rewind(mark % 5),
  stopped: (store: RunStore) => store.end({ status: 'stopped', outcome: 'stopped', message: null }),
  finished: (store: RunStore) => store.end({ status: 'finished', outcome: 'converged', message: null }),
}
type Word = keyof typeof words

/** Who has the run by right: the one it was given to last, until he gives it back. */
interface Model {
  holder: number | null
}

interface Lab {
  id: number
  processes: { library: Library; queue: RunQueue; claims: Set<number> }[]
  /** Of every claim that was ever made: its words may come at any time. */
  stores: { store: RunStore; process: number }[]
  seconds: number
  marks: number
}

const clockOf = (seconds: number): Moment => ({
  date: new Date(1_700_000_000_000 + 1000 * seconds),
  clockMs: 1000 * seconds,
})

type Command = fc.AsyncCommand<Model, Lab>
const command = (text: string, run: Command['run']): Command => ({
  check: () => true,
  run,
  toString: () => text,
})

const take = (process: number) =>
  command(`${process} takes it`, async (model, lab) => {
    const { queue, claims } = lab.processes[process]
    const before = everythingOf(lab.processes[0].library, lab.id)
    try {
      queue.add(lab.id)
    } catch (error) {
      expect(['conflict', 'notFound']).toContain(toErrorReply(error).code)
      expect(everythingOf(lab.processes[0].library, lab.id)).toEqual(before)
      return
    }
    const claimed = queue.claim()
    expect(claimed?.runId).toBe(lab.id)
    model.holder = lab.stores.push({ store: claimed!.store, process }) - 1
    // A process knows of one claim of a run at a time: its last.
    claims.clear()
    claims.add(model.holder)
  })

const say = (word: Word, place: number) =>
  command(`${word} of claim ${place}`, async (model, lab) => {
    if (lab.stores.length === 0) return
    const claim = place % lab.stores.length
    const { library } = lab.processes[0]
    const before = everythingOf(library, lab.id)
    const { store, process } = lab.stores[claim]
    let said: unknown = null
    try {
      await words[word](store, ++lab.marks)
    } catch (error) {
      said = error
    }
    if (model.holder === claim) {
      expect(said).toBeNull()
      if (word === 'rewind') return
      expect(everythingOf(library, lab.id)).not.toEqual(before)
      if (word !== 'stopped' && word !== 'finished') return
      expect(statusOf(library, lab.id)).toBe(word)
      model.holder = null
      lab.processes[process].claims.delete(claim)
    } else {
      expect(said).toBeInstanceOf(LabError)
      expect(toErrorReply(said)).toEqual({
        code: 'lostRun',
        message: expect.stringMatching(/^Run \d+ was (removed|taken over) by another process while .*\.$/),
      })
      expect(everythingOf(library, lab.id)).toEqual(before)
    }
  })

const beat = (process: number) =>
  command(`${process} beats`, async (model, lab) => {
    const { queue, claims, library } = lab.processes[process]
    const holds = model.holder !== null && claims.has(model.holder)
    const before = everythingOf(library, lab.id)
    const { lost } = queue.beat([])
    const last = Math.max(...claims)
    expect(lost.map(({ runId }) => runId)).toEqual(claims.size > 0 && last !== model.holder ? [lab.id] : [])
    for (const claim of claims) if (claim !== model.holder) claims.delete(claim)
    if (holds) expect(statusOf(library, lab.id)).toBe('running')
    else expect(everythingOf(library, lab.id)).toEqual(before)
  })

const sleep = (seconds: number) =>
  command(`${seconds} s pass`, async (_, lab) => {
    lab.seconds += seconds
  })

const mark = command('the silent are marked', async (_, lab) => {
  const { library } = lab.processes[1]
  for (const marked of markInterrupted(library, clockOf(lab.seconds)))
    expect([marked, statusOf(library, marked)]).toEqual([lab.id, 'interrupted'])
})

const remove = (isForGood: boolean) =>
  command(isForGood ? 'it is removed' : 'it is put into the trash', async (model, lab) => {
    const { library } = lab.processes[2]
    try {
      if (isForGood) removeRuns(library, [lab.id])
      else trashRuns(library, [lab.id], clockOf(lab.seconds).date)
    } catch (error) {
      expect(['conflict', 'notFound']).toContain(toErrorReply(error).code)
      return
    }
    model.holder = null
  })

const process = fc.nat(2)
const commands = fc.commands(
  [
    process.map(take),
    process.map(take),
    fc.tuple(fc.constantFrom(...(Object.keys(words) as Word[])), fc.nat(12)).map(([w, at]) => say(w, at)),
    fc.tuple(fc.constantFrom(...(Object.keys(words) as Word[])), fc.nat(12)).map(([w, at]) => say(w, at)),
    process.map(beat),
    fc.constantFrom(1, 16, 40).map(sleep),
    fc.constant(mark),
    fc.boolean().map(remove),
  ],
  { maxCommands: 40 },
)

test('whoever sleeps, is taken for dead or comes back, no write of one who has lost a run lands in it', async () => {
  const first = makeLibrary()
  const libraries = [first, makeLibrary(first.folder), makeLibrary(first.folder)]
  const datasetId = await makeDataset(first)
  await fc.assert(
    fc.asyncProperty(commands, async (steps) => {
      const id = await makeRun(first, { datasetId })
      const lab: Lab = { id, processes: [], stores: [], seconds: 0, marks: 0 }
      lab.processes = libraries.map((library) => ({
        library,
        queue: createLibraryQueue(library, () => clockOf(lab.seconds)),
        claims: new Set(),
      }))
      await fc.asyncModelRun(() => ({ model: { holder: null }, real: lab }), steps)
      // So that no other case marks it.
      first.db.prepare("UPDATE runs SET status = 'finished', owner = NULL WHERE id = ?").run(id)
    }),
    { numRuns: tries(150) },
  )
})
