import type { Tensor } from 'onnxruntime-node'
import type { Engine, EngineSettings, EngineShape } from '../engine.ts'
import { rowBlocks } from './blocks.ts'
import { createEpochSession, type EpochSession } from './epochSession.ts'
import { bytesOf, type ElementType } from './onnxModel.ts'
import { createResidentState } from './residentState.ts'
import { sessionOptions, type Threading } from './threading.ts'
import type { OnnxRuntime } from './runtime.ts'

/**
 * The rest of an epoch with fewer patches than this is computed by one thread: it takes no time, and how ONNX Runtime
 * splits the sums of so few rows depends on the number of threads.
 */
const fewRows = 256
const oneThread: Threading = { threads: 1, spin: false }

export interface OnnxMiniBatchOptions {
  shape: EngineShape
  settings: EngineSettings
  elementType: ElementType
  threading: Threading
  /** `inputs` and, where they differ, `targets`, m × n, as they stand when steps are taken. */
  examples(): Record<string, Tensor>
}

/** Adam and SGD inside the graph: as many steps as are asked for in one run, the state never leaves it. */
export function createOnnxMiniBatch(ort: OnnxRuntime, options: OnnxMiniBatchOptions) {
  const { shape, settings, elementType, threading, examples } = options
  const { n, h, m, batch, hasTargets = false } = shape
  const { hyper, optimiser, momentum, rhoHatDecay } = settings
  const state = createResidentState(ort, elementType, shape, optimiser)
  const sessions = new Map<number, Promise<EpochSession>>()

  /** A graph has one length of batch; the shorter one that ends an epoch gets its own, compiled when first needed. */
  function sessionFor(rows: number): Promise<EpochSession> {
    const known = sessions.get(rows)
    if (known) return known
    const blocks = rowBlocks(rows, n, h, bytesOf[elementType])
    const graph = {
      size: { n, h },
      hyper,
      optimiser,
      momentum,
      rhoHatDecay,
      m,
      hasTargets,
      blocks,
      elementType,
    }
    const isSmallRest = rows < batch && rows < fewRows
    const session = createEpochSession(ort, graph, sessionOptions(isSmallRest ? oneThread : threading))
    sessions.set(rows, session)
    return session
  }

  const methods: Pick<Engine, 'loadState' | 'steps' | 'readState'> = {
    loadState: async (from) => state.load(from),

    async steps(order, rates) {
      const squaredError = new Float64Array(rates.length)
      const whole = Math.floor(order.length / batch)
      if (whole > 0) {
        const session = await sessionFor(batch)
        const part = order.subarray(0, whole * batch)
        squaredError.set(await session.run(examples(), state, part, rates.subarray(0, whole)))
      }
      const rest = order.subarray(whole * batch)
      if (rest.length > 0) {
        const session = await sessionFor(rest.length)
        squaredError.set(await session.run(examples(), state, rest, rates.subarray(whole)), whole)
      }
      return { squaredError }
    },

    readState: async () => state.read(),
  }
  return {
    ...methods,
    async release() {
      for (const session of sessions.values()) await (await session).release()
      sessions.clear()
    },
  }
}
