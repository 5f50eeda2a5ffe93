import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import { LabError } from '#shared/domain/labError.ts'
import { engineNames, type EngineChoice, type EngineName } from '#shared/domain/runConfig.ts'
import type { EngineFactory, EngineShape } from './engine.ts'
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

/** What `auto` tries, fastest first, and why it takes it. */
const preference: readonly { engine: EngineName; reason: string }[] = [
  { engine: 'onnx', reason: 'ONNX Runtime is the fastest engine on this machine.' },
  {
    engine: 'wasm',
    reason: 'ONNX Runtime is not available here; gpu.js on WebAssembly is the next fastest.',
  },
  { engine: 'reference', reason: 'Neither ONNX Runtime nor WebAssembly is available here.' },
]

/** What this machine can compute with, and which engine `auto` takes. */
export async function probeEngines(): Promise<EngineStatus[]> {
  const probes = await Promise.all(engineNames.map((engine) => engineFactories[engine].probe()))
  const isAvailable = (engine: EngineName) => probes[engineNames.indexOf(engine)].available
  const taken = preference.find(({ engine }) => isAvailable(engine))?.engine
  return engineNames.map((engine, k) => ({ engine, ...probes[k], auto: engine === taken }))
}

/**
 * The engine to compute with, and why, in one sentence.
 * @throws LabError engineUnavailable where the engine that was asked for by name cannot compute here
 */
export async function chooseEngine(
  choice: EngineChoice,
  _shape: EngineShape,
): Promise<{ factory: EngineFactory; reason: string }> {
  if (choice !== 'auto') {
    const factory = engineFactories[choice]
    const { available, reason } = await factory.probe()
    if (available) return { factory, reason: 'Chosen by name.' }
    throw new LabError(
      'engineUnavailable',
      `The engine "${choice}" is not available here: ${reason} Choose "auto" to take the fastest that is.`,
    )
  }
  for (const { engine, reason } of preference) {
    const factory = engineFactories[engine]
    if ((await factory.probe()).available) return { factory, reason }
  }
  return { factory: referenceEngine, reason: 'No other engine is available here.' }
}
