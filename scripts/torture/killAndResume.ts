import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { openLibrary } from '../../db/library.ts'
import { readSeries } from '../../db/queries/iterations.ts'
import { getRun, insertRun } from '../../db/queries/runs.ts'
import { readSnapshot } from '../../db/queries/snapshots.ts'
import { defaultConfig, type Optimiser } from '../../shared/domain/runConfig.ts'
import { findFaults } from './findFaults.ts'

const mostKills = 40

export interface KillOptions {
  /** A library with at least one dataset. */
  folder: string
  datasetId: number
  optimiser: Optimiser
  iterations: number
  /** Uniform in [0, 1). */
  random(): number
  /** The longest that a process is left alone, milliseconds. */
  longestMs: number
}

export interface KillReport {
  kills: number
  /** One sentence for each promise that was broken. */
  faults: string[]
}

/**
 * Trains a run in one go, and its twin through processes that are killed (SIGKILL) at random moments and resumed. Looks
 * at the library after every kill; in the end the twins must be the same, bit for bit.
 */
export async function killAndResume(options: KillOptions): Promise<KillReport> {
  const { folder, iterations, random, longestMs } = options
  const [whole, victim] = [addRun(options, 'whole'), addRun(options, 'killed')]
  await train(folder, whole, Infinity)
  const faults: string[] = []
  let kills = 0
  for (;;) {
    // The last time it is left alone, so that every round ends.
    const seen = await train(folder, victim, kills < mostKills ? random() * longestMs : Infinity)
    faults.push(...findFaults(folder).map((fault) => `after kill ${kills + 1}: ${fault}`))
    const run = look(folder, victim)
    if (run.status === 'finished') break
    kills++
    // The batch under way may be lost, and no more.
    const mustHave = seen.at(-2) ?? 0
    if (run.iterations < mustHave) faults.push(`only ${run.iterations} of ${mustHave} iterations are there`)
    if (kills > mostKills) faults.push(`does not finish: ${run.status}, ${run.message}`)
    if (faults.length > 0) break
  }
  if (faults.length === 0) faults.push(...differences(folder, whole, victim, iterations))
  return { kills, faults }
}

function addRun({ folder, datasetId, optimiser, iterations }: KillOptions, name: string): number {
  const library = openLibrary(folder)
  const config = {
    ...defaultConfig,
    hidden: 8,
    rho: 0.1,
    engine: 'reference' as const,
    iterations,
    optimiser,
  }
  const run = { name, datasetId, config, preset: null, tags: [], appVersion: '', machine: '' }
  const id = insertRun(library, run)
  library.close()
  return id
}

function look(folder: string, runId: number) {
  const library = openLibrary(folder)
  const run = getRun(library, runId)
  library.close()
  return run
}

/** @returns the iterations that the session said it had done, batch by batch */
async function train(folder: string, runId: number, afterMs: number): Promise<number[]> {
  const child = spawn(
    process.execPath,
    [new URL('trainRun.ts', import.meta.url).pathname, folder, String(runId)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let output = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  const timer = Number.isFinite(afterMs) ? setTimeout(() => child.kill('SIGKILL'), afterMs) : undefined
  await once(child, 'close')
  clearTimeout(timer)
  return output.split('\n').filter(Boolean).map(Number)
}

function differences(folder: string, whole: number, victim: number, iterations: number): string[] {
  const library = openLibrary(folder)
  const numbers = (id: number) => {
    const { elapsedMs: _, ...columns } = readSeries(library, id, -1)
    return JSON.stringify(
      Object.entries(columns).map(([name, column]) => [name, Array.from(column as Float64Array)]),
    )
  }
  const weights = (id: number) => JSON.stringify(readSnapshot(library, id, iterations))
  const faults = [
    ...(numbers(whole) === numbers(victim) ? [] : ['its iterations are not those of its uninterrupted twin']),
    ...(weights(whole) === weights(victim) ? [] : ['its weights are not those of its uninterrupted twin']),
  ]
  library.close()
  return faults
}
