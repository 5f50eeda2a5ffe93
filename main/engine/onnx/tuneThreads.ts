import { z } from 'zod'
import type { Engine, EngineSettings, EngineShape, Tuning } from '../engine.ts'
import { keepChoice, readChoice } from '../choice/choiceStore.ts'
import { measureWays } from '../choice/measure.ts'
import { physicalCores, processorName, quietCores, watchOthers } from '../choice/processor.ts'
import { shapeClass } from '../choice/shapeClass.ts'
import { createTimedWork } from '../choice/timeWork.ts'
import type { Threading } from './threading.ts'

/** A way with more threads has to gain this much on one with fewer. */
const worthwhile = 0.97

const measured = z.object({
  threads: z.number().int().min(1).max(1024),
  spin: z.boolean(),
  workMs: z.number().positive(),
})

/** Numbers of threads to try: 1, 2, 4, … and all cores, each with and without spinning. */
export function threadingCandidates(cores: number): Threading[] {
  const counts = new Set([cores])
  for (let threads = 1; threads < cores; threads *= 2) counts.add(threads)
  return [...counts]
    .toSorted((a, b) => a - b)
    .flatMap((threads) =>
      // One thread has nobody to wait for.
      threads === 1 ? [{ threads, spin: false }] : [false, true].map((spin) => ({ threads, spin })),
    )
}

/** The first candidate that no later one beats by enough. */
export function bestThreading(candidates: readonly Threading[], times: readonly number[]): number {
  let best = 0
  for (let k = 1; k < candidates.length; k++) if (times[k] < worthwhile * times[best]) best = k
  return best
}

/**
 * How ONNX Runtime shares this work best among the machine's threads: measured at first use for some 100 ms, then
 * remembered for the machine and the class of shapes. What was measured while other programs kept the processor busy
 * counts for this time only.
 */
export async function tuneThreads(
  create: (shape: EngineShape, settings: EngineSettings) => Promise<Engine>,
  version: string,
  shape: EngineShape,
  settings: EngineSettings,
): Promise<Tuning> {
  const candidates = threadingCandidates(physicalCores())
  const key = {
    choice: 'threads with shares of rows',
    version,
    processor: processorName(),
    threads: candidates.map(({ threads, spin }) => `${threads}${spin ? ' spinning' : ''}`),
    shape: shapeClass(shape, settings.optimiser),
  }
  const known = await readChoice(key, measured)
  if (known) return tuned(settings, known, true)

  const others = watchOthers()
  const ways = await Promise.all(
    candidates.map((candidate) => createTimedWork(create, shape, { ...settings, ...candidate })),
  )
  const { times, steady } = await measureWays(ways)
  for (const way of ways) await way.dispose()
  const best = bestThreading(candidates, times)
  const found = { ...candidates[best], workMs: times[best] }
  const undisturbed = steady && others() <= quietCores
  return tuned(settings, undisturbed ? await keepChoice(key, found, measured) : found, undisturbed)
}

const tuned = (
  settings: EngineSettings,
  { threads, spin, workMs }: z.infer<typeof measured>,
  undisturbed: boolean,
): Tuning => ({ settings: { ...settings, threads, spin }, workMs, undisturbed })
