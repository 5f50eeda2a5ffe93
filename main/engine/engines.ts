import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { EngineDescription } from '#shared/domain/run.ts'
import { defaultConfig, engineNames, type EngineChoice, type EngineName } from '#shared/domain/runConfig.ts'
import { contend, knownTimes, sayWhy, type Contender, type MeasuredTimes } from './choice/autoChoice.ts'
import type { EngineFactory, EngineProbe, EngineSettings, EngineShape } from './engine.ts'
import { onnxEngine } from './onnx/onnxEngine.ts'
import { referenceEngine } from './reference/referenceEngine.ts'
import { wasmEngine } from './gpujs/wasmEngine.ts'
import { gpuEngine } from './gpujs/gpuEngine.ts'

/** Every engine that this program knows, whether or not this machine can compute with it. */
export const engineFactories: Record<EngineName, EngineFactory> = {
  onnx: onnxEngine,
  gpu: gpuEngine,
  wasm: wasmEngine,
  reference: referenceEngine,
}

/** What `auto` measures against each other, as they are called in a sentence. */
const titles = { onnx: 'ONNX Runtime', gpu: 'the GPU' } as const
const contenderNames = Object.keys(titles) as (keyof typeof titles)[]

/** What is left where none of these is here. */
const fallbacks: readonly { engine: EngineName; reason: string }[] = [
  {
    engine: 'wasm',
    reason: 'ONNX Runtime is not available here; gpu.js on WebAssembly is the portable fallback.',
  },
  { engine: 'reference', reason: 'Neither ONNX Runtime nor WebAssembly is available here.' },
]

function why(times: MeasuredTimes, settings: EngineSettings, contenders: readonly Contender[]): string {
  const failed = contenders.find(({ factory }) => !times.some(({ engine }) => engine === factory.name))
    ?.factory.name
  const absent = times[0].engine === 'onnx' ? 'no hardware GPU is available' : 'ONNX Runtime is not available'
  const alone =
    failed === 'gpu' || failed === 'onnx' ? `${titles[failed]} cannot compute this network` : absent
  return sayWhy(times, titles, settings, alone)
}

/** The Edges preset: what `lab engines` answers for. */
const usualShape: EngineShape = { m: 10_000, n: 64, h: defaultConfig.hidden, batch: defaultConfig.batch }
const usualSettings: EngineSettings = { ...defaultConfig, hyper: defaultConfig }

/** What this machine can compute with, and which engine `auto` takes; measures nothing. */
export async function probeEngines(): Promise<EngineStatus[]> {
  const probes = await probeAll(engineNames)
  const { engine: taken, reason: why } = await remembered(probes)
  return engineNames.map((engine) => {
    const { available, device, reason } = probes[engine]
    const auto = engine === taken
    return { engine, available, device, reason: auto ? `${reason} ${why}` : reason, auto }
  })
}

/** Which engine, how it computes this shape best, and why it: one sentence. */
export interface ChosenEngine {
  factory: EngineFactory
  settings: EngineSettings
  reason: string
}

/**
 * The engine to compute with. `auto` measures those that are here for a moment, the first time.
 * @param before  what computed the run so far: a resumed run goes on with the same engine and number of threads, so
 *                that it ends as it would have ended
 * @throws LabError engineUnavailable where the engine that was asked for by name cannot compute here
 */
export async function chooseEngine(
  choice: EngineChoice,
  shape: EngineShape,
  settings: EngineSettings,
  before: EngineDescription | null = null,
): Promise<ChosenEngine> {
  if (before && (choice === 'auto' || choice === before.engine)) {
    const { engine, threads, reason } = before
    const factory = engineFactories[engine]
    if ((await factory.probe()).available) return { factory, settings: { ...settings, threads }, reason }
  }
  if (choice !== 'auto') {
    const factory = engineFactories[choice]
    const { available, reason } = await factory.probe()
    if (available) return { factory, settings, reason: 'Chosen by name.' }
    throw new LabError(
      'engineUnavailable',
      `The engine "${choice}" is not available here: ${reason} Choose "auto" to take the fastest that is.`,
    )
  }
  const probes = await probeAll(contenderNames)
  const contenders = contendersOf(probes)
  if (contenders.length > 0) {
    const times = await contend(contenders, shape, settings)
    if (times.length > 0) {
      const factory = engineFactories[times[0].engine]
      const tuned =
        factory.tune && settings.threads === undefined
          ? (await factory.tune(shape, settings)).settings
          : settings
      return { factory, settings: tuned, reason: why(times, settings, contenders) }
    }
  }
  const { engine, reason } = await firstFallback()
  return { factory: engineFactories[engine], settings, reason }
}

async function probeAll<Name extends EngineName>(names: readonly Name[]): Promise<Record<Name, EngineProbe>> {
  const probes = await Promise.all(names.map((name) => engineFactories[name].probe()))
  return Object.fromEntries(names.map((name, k) => [name, probes[k]])) as Record<Name, EngineProbe>
}

function contendersOf(probes: Record<keyof typeof titles, EngineProbe>): Contender[] {
  return contenderNames
    .filter((name) => probes[name].available && probes[name].hardware !== false)
    .map((name) => ({ factory: engineFactories[name], device: probes[name].device }))
}

async function firstFallback(): Promise<{ engine: EngineName; reason: string }> {
  for (const fallback of fallbacks) {
    if ((await engineFactories[fallback.engine].probe()).available) return fallback
  }
  return { engine: 'reference', reason: 'No other engine is available here.' }
}

/** What `auto` took for the Edges preset when it was last measured, or would try first. */
async function remembered(
  probes: Record<EngineName, EngineProbe>,
): Promise<{ engine: EngineName; reason: string }> {
  const contenders = contendersOf(probes)
  if (contenders.length === 0) return firstFallback()
  const times = await knownTimes(contenders, usualShape, usualSettings)
  if (times && times.length > 0)
    return { engine: times[0].engine, reason: why(times, usualSettings, contenders) }
  const { name } = contenders[0].factory
  if (contenders.length === 1) return { engine: name, reason: 'Nothing else here is as fast.' }
  return { engine: name, reason: 'Which one is faster is measured when a run starts.' }
}
