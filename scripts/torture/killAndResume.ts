import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { momentNow } from '../../db/clock.ts'
import { openLibrary, type Library } from '../../db/library.ts'
import { readSeries } from '../../db/queries/iterations.ts'
import { insertRun, listRuns, markInterrupted } from '../../db/queries/runs.ts'
import { readSnapshot } from '../../db/queries/snapshots.ts'
import type { RunSummary } from '../../shared/domain/run.ts'
import { defaultConfig, type Optimiser } from '../../shared/domain/runConfig.ts'
import { findFaults } from './findFaults.ts'

export interface KillOptions {
  /** A library with at least one dataset. */
  folder: string
  datasetId: number
  /** What is killed: a process with a session that says what it sends, or the command line, by `train` and `resume`. */
  program: 'session' | 'lab'
  optimiser: Optimiser
  iterations: number
  /** Uniform in [0, 1). */
  random(): number
  /** The longest that a process is left alone, milliseconds. */
  longestMs: number
  /** After so many it is left alone. */
  mostKills: number
}

export interface KillReport {
  kills: number
  /** One sentence for each promise that was broken. */
  faults: string[]
}

/** A run that processes are started for, one after the other. */
interface Trainee {
  name: string
  /** Arguments of Node, which begin it or go on with it. */
  command(): string[]
}

let count = 0

/**
 * Trains a run in one go, and its twin through processes that are killed (SIGKILL) at random moments and resumed. Looks
 * at the library after every kill; in the end the twins must be the same, bit for bit.
 */
export async function killAndResume(options: KillOptions): Promise<KillReport> {
  const { folder, random, longestMs, mostKills } = options
  const [whole, victim] = [trainee(options, `whole ${++count}`), trainee(options, `killed ${count}`)]
  const faults = (await train(folder, whole, Infinity)).faults
  let kills = 0
  while (faults.length === 0) {
    // The last time it is left alone, so that every round ends.
    const seen = await train(folder, victim, kills < mostKills ? random() * longestMs : Infinity)
    const run = openAgain(folder, victim)
    const found = [...seen.faults]
    if (run?.status !== 'finished') kills++
    // The batch under way may be lost, and no more.
    if ((run?.iterations ?? 0) < seen.mustHave)
      found.push(`only ${run?.iterations} of ${seen.mustHave} iterations are there`)
    if (run?.status === 'running') found.push('is still running after the library was opened again')
    if (kills > mostKills) found.push(`does not finish: ${run?.status}, ${run?.message}`)
    found.push(...findFaults(folder))
    faults.push(...found.map((fault) => `after kill ${kills}: ${fault}`))
    if (run?.status === 'finished') break
  }
  if (faults.length === 0) faults.push(...differences(options, whole, victim))
  return { kills, faults }
}

function trainee(options: KillOptions, name: string): Trainee {
  const { folder, datasetId, program, iterations, optimiser } = options
  const path = (file: string) => join(import.meta.dirname, file)
  if (program === 'session') {
    const config = {
      ...defaultConfig,
      hidden: 8,
      rho: 0.1,
      engine: 'reference' as const,
      iterations,
      optimiser,
    }
    const run = { name, datasetId, config, preset: null, tags: [], appVersion: '', machine: '' }
    const id = inLibrary(folder, (library) => insertRun(library, run))
    return { name, command: () => [path('trainRun.ts'), folder, String(id)] }
  }
  const settings = ['--hidden', '8', '--rho', '0.1', '--engine', 'reference', '--optimizer', optimiser]
  return {
    name,
    command() {
      const run = inLibrary(folder, (library) => findRun(library, name))
      const how = run
        ? ['resume', String(run.id)]
        : [
            'train',
            '--dataset',
            String(datasetId),
            '--name',
            name,
            '--iterations',
            String(iterations),
            ...settings,
          ]
      return [path('../../main/cli/lab.ts'), ...how, '--library', folder]
    },
  }
}

function inLibrary<T>(folder: string, look: (library: Library) => T): T {
  const library = openLibrary(folder)
  try {
    return look(library)
  } finally {
    library.close()
  }
}

const findRun = (library: Library, name: string): RunSummary | undefined =>
  listRuns(library).find((run) => run.name === name)

/** What whoever opens the library next sees of a run. */
const openAgain = (folder: string, { name }: Trainee) =>
  inLibrary(folder, (library) => {
    markInterrupted(library, momentNow())
    return findRun(library, name)
  })

/** @returns the iterations that a kill may not have taken, and what was wrong with a process that was left alone */
async function train(
  folder: string,
  { name, command }: Trainee,
  afterMs: number,
): Promise<{ mustHave: number; faults: string[] }> {
  const child = spawn(process.execPath, command(), { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  let written = 0
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  const kill = () => {
    written = inLibrary(folder, (library) => findRun(library, name))?.iterations ?? 0
    child.kill('SIGKILL')
  }
  const timer = Number.isFinite(afterMs) ? setTimeout(kill, afterMs) : undefined
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(timer)
  // A session says how far it is before that is written; the command line says other things.
  const sent = output.split('\n').filter((line) => /^\d+$/.test(line))
  return {
    mustHave: Math.max(written, Number(sent.at(-2) ?? 0)),
    faults: code === 0 || signal === 'SIGKILL' ? [] : [`the process ended with code ${code}, ${signal}`],
  }
}

function differences({ folder, iterations }: KillOptions, whole: Trainee, victim: Trainee): string[] {
  return inLibrary(folder, (library) => {
    const [first, second] = [whole, victim].map(({ name }) => {
      const { id } = findRun(library, name)!
      const { elapsedMs: _, ...columns } = readSeries(library, id, -1)
      const series = Object.entries(columns).map(([key, column]) => [key, Array.from(column as Float64Array)])
      return {
        series: JSON.stringify(series),
        weights: JSON.stringify(readSnapshot(library, id, iterations)),
      }
    })
    return [
      ...(first.series === second.series ? [] : ['its iterations are not those of its uninterrupted twin']),
      ...(first.weights === second.weights ? [] : ['its weights are not those of its uninterrupted twin']),
    ]
  })
}
