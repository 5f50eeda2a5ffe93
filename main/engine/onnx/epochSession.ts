import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { adamScalars } from '#main/optimiser/adam.ts'
import type { EngineSettings } from '../engine.ts'
import { epochGraph, scalarNames, type EpochGraph } from './epochGraph.ts'
import type { ResidentState } from './residentState.ts'
import type { OnnxRuntime } from './runtime.ts'
import { tensorOf, valuesOf } from './tensors.ts'

export interface EpochSessionOptions extends EpochGraph {
  rhoHatDecay: EngineSettings['rhoHatDecay']
}

/** Steps of one length of batch, many in one run of the graph. */
export interface EpochSession {
  /**
   * @param examples  all of them, as the graph names them
   * @param order  patch indices, a whole number of batches
   * @param rates  learning rate of each step
   * @returns squared error of each step's batch
   */
  run(
    examples: Record<string, Tensor>,
    state: ResidentState,
    order: Uint32Array,
    rates: Float64Array,
  ): Promise<Float64Array>
  release(): Promise<void>
}

export async function createEpochSession(
  ort: OnnxRuntime,
  options: EpochSessionOptions,
  sessionOptions: InferenceSession.SessionOptions,
): Promise<EpochSession> {
  const { optimiser, elementType, blocks, rhoHatDecay } = options
  const rows = blocks.reduce((total, block) => total + block, 0)
  const session = await ort.InferenceSession.create(epochGraph(options), sessionOptions)

  function scalars(first: number, rates: Float64Array): Record<string, Tensor> {
    const values = Object.fromEntries(
      scalarNames(optimiser).map((name) => [name, valuesOf(elementType, rates.length)]),
    )
    for (let s = 0; s < rates.length; s++) {
      values.kept[s] = first + s === 0 ? 0 : rhoHatDecay
      const { rate, epsilon } =
        optimiser === 'sgd' ? { rate: rates[s], epsilon: 0 } : adamScalars(first + s + 1, rates[s])
      values.rate[s] = rate
      if (values.epsilon) values.epsilon[s] = epsilon
    }
    return Object.fromEntries(
      Object.entries(values).map(([name, given]) => [name, tensorOf(ort, given, [rates.length, 1])]),
    )
  }

  return {
    async run(examples, state, order, rates) {
      const steps = rates.length
      const feeds = {
        ...examples,
        ...state.inputs(),
        ...scalars(state.step(), rates),
        order: new ort.Tensor('int32', new Int32Array(order), [steps, rows]),
      }
      const outputs = await session.run(feeds, { ...state.outputs(), squaredErrors: null })
      state.advance(steps)
      const parts = outputs.squaredErrors.data as Float32Array | Float64Array
      const width = parts.length / steps
      return Float64Array.from({ length: steps }, (_, s) => {
        let sum = 0
        for (let k = s * width; k < (s + 1) * width; k++) sum += parts[k]
        return sum
      })
    },
    release: () => session.release(),
  }
}
