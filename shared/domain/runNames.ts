import type { RunSummary } from './run.ts'
import type { EngineName, Optimiser } from './runConfig.ts'

export const optimiserNames: Record<Optimiser, string> = { lbfgs: 'L-BFGS', adam: 'Adam', sgd: 'SGD' }

export const engineNames: Record<EngineName, string> = {
  onnx: 'ONNX',
  gpu: 'GPU',
  wasm: 'WebAssembly',
  reference: 'Reference',
}

/** What the engine was, once it computes; before, what was asked for. */
export const engineOfRun = (run: RunSummary): string =>
  run.engine
    ? engineNames[run.engine.engine]
    : run.config.engine === 'auto'
      ? 'Auto'
      : engineNames[run.config.engine]
