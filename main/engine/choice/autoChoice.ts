import { z } from 'zod'
import { engineNames, type EngineName } from '#shared/domain/runConfig.ts'
import type { EngineFactory, EngineSettings, EngineShape } from '../engine.ts'
import { keepChoice, readChoice, type ChoiceKey } from './choiceStore.ts'
import { measureWays } from './measure.ts'
import { processorName, quietCores, watchOthers } from './processor.ts'
import { shapeClass } from './shapeClass.ts'
import { createTimedWork, gpuSample, processorSample } from './timeWork.ts'

/** An engine that may compute here. */
export interface Contender {
  factory: EngineFactory
  /** What it computes on: another device is measured anew. */
  device: string
}

const timesSchema = z.array(
  z.object({ engine: z.enum(engineNames), /** Milliseconds. */ workMs: z.number().positive() }),
)
/** One gradient (or mini-batch step) of each engine that could be measured, fastest first. */
export type MeasuredTimes = z.infer<typeof timesSchema>

const choiceKey = (
  contenders: readonly Contender[],
  shape: EngineShape,
  settings: EngineSettings,
): ChoiceKey => ({
  choice: 'engine',
  engines: contenders.map(({ factory, device }) => `${factory.name} on ${device}`),
  processor: processorName(),
  shape: shapeClass(shape, settings.optimiser),
})

/** What was measured before for such shapes; null where nothing was. */
export const knownTimes = (
  contenders: readonly Contender[],
  shape: EngineShape,
  settings: EngineSettings,
): Promise<MeasuredTimes | null> => readChoice(choiceKey(contenders, shape, settings), timesSchema)

/**
 * Measures engines on a shape for a moment, or remembers what was measured before. One that cannot compute it after
 * all is left out.
 */
export async function contend(
  contenders: readonly Contender[],
  shape: EngineShape,
  settings: EngineSettings,
): Promise<MeasuredTimes> {
  const known = await knownTimes(contenders, shape, settings)
  if (known) return known
  const times: MeasuredTimes = []
  let worthKeeping = true
  for (const { factory } of contenders) {
    const measured = await timeOf(factory, shape, settings).catch(() => null)
    if (measured) times.push({ engine: factory.name, workMs: measured.workMs })
    worthKeeping &&= measured?.undisturbed ?? false
  }
  times.sort((a, b) => a.workMs - b.workMs)
  return worthKeeping ? keepChoice(choiceKey(contenders, shape, settings), times, timesSchema) : times
}

async function timeOf(
  factory: EngineFactory,
  shape: EngineShape,
  settings: EngineSettings,
): Promise<{ workMs: number; undisturbed: boolean }> {
  // What computes in another process is itself what keeps the processor busy meanwhile.
  if (factory.measure) return { workMs: await factory.measure(shape, settings), undisturbed: true }
  if (factory.tune) return factory.tune(shape, settings)
  const others = watchOthers()
  const flops = factory.name === 'gpu' ? gpuSample : processorSample
  const work = await createTimedWork(factory.create, shape, settings, flops)
  try {
    const { times, steady } = await measureWays([work])
    return { workMs: times[0], undisturbed: steady && others() <= quietCores }
  } finally {
    await work.dispose()
  }
}

/**
 * Why the fastest is taken, in one sentence.
 * @param alone  what to say where it had nobody to contend with
 */
export function sayWhy(
  [first, ...rest]: MeasuredTimes,
  titles: Partial<Record<EngineName, string>>,
  settings: EngineSettings,
  alone: string,
): string {
  const work = settings.optimiser === 'lbfgs' ? 'a gradient' : 'a step'
  const said = ({ engine, workMs }: MeasuredTimes[number]) => [titles[engine] ?? engine, inWords(workMs)]
  const [title, time] = said(first)
  const others = rest.map((other) => said(other).join(' '))
  const slower = others.length > 0 ? others.join(', ') : alone
  return `${sentenceStart(title)} takes ${time} ${work} here; ${slower}.`
}

const inWords = (ms: number): string =>
  `${ms < 0.1 ? ms.toFixed(3) : ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

const sentenceStart = (text: string): string => text[0].toUpperCase() + text.slice(1)
