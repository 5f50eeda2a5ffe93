import { initialTheta } from '#shared/model/theta.ts'
import { createRandom } from '#shared/random/random.ts'
import {
  reproducing,
  type Engine,
  type EngineFactory,
  type EngineSettings,
  type EngineShape,
} from '../engine.ts'
import { initialMiniBatchState } from '../miniBatch.ts'

/** Operations of a measured piece of work, about: a few milliseconds of a processor, or of a GPU. */
export const processorSample = 2e9
export const gpuSample = 5e10
/** Mini-batch steps to measure at once, at most. */
const mostSteps = 16

/** Fewer patches than the shape has, where that is enough to measure by. */
export function sampleShape(shape: EngineShape, settings: EngineSettings, flops: number): EngineShape {
  const { m, n, h, batch } = shape
  const rows = Math.max(1, Math.ceil(flops / (10 * n * h)))
  if (settings.optimiser === 'lbfgs') return { m: Math.min(m, rows), n, h, batch: Math.min(m, rows, batch) }
  const steps = Math.min(mostSteps, Math.max(1, Math.round(rows / batch)))
  return { m: Math.min(m, steps * batch), n, h, batch }
}

/** Work of the kind that a run of this shape does most: a gradient, or steps of mini-batches. */
export interface TimedWork {
  /** @returns milliseconds that it took, as a share of `shape`'s gradient or step */
  time(): Promise<number>
  dispose(): Promise<void>
}

/**
 * An engine on a sample of a shape, with patches of noise.
 * @param shape  what the times are of; the sample is smaller where that is large
 */
export async function createTimedWork(
  create: EngineFactory['create'],
  shape: EngineShape,
  settings: EngineSettings,
  flops = processorSample,
): Promise<TimedWork> {
  const sample = sampleShape(shape, settings, flops)
  const engine = await create(sample, settings)
  const random = createRandom(1)
  await engine.setExamples(
    reproducing(Float32Array.from({ length: sample.m * sample.n }, () => 0.1 + 0.8 * random.uniform())),
  )
  const work =
    settings.optimiser === 'lbfgs' ? gradient(engine, sample) : await steps(engine, sample, settings)
  const share = settings.optimiser === 'lbfgs' ? shape.m / sample.m : sample.batch / sample.m
  return {
    async time() {
      const startedAt = performance.now()
      await work()
      return (performance.now() - startedAt) * share
    },
    dispose: () => engine.dispose(),
  }
}

function gradient(engine: Engine, sample: EngineShape): () => Promise<unknown> {
  const theta = initialTheta(sample, { seed: 1 })
  const to = new Float64Array(theta.length)
  return () => engine.evaluate(theta, to)
}

async function steps(
  engine: Engine,
  sample: EngineShape,
  settings: EngineSettings,
): Promise<() => Promise<unknown>> {
  await engine.loadState(
    initialMiniBatchState(initialTheta(sample, { seed: 1 }), sample.h, settings.optimiser),
  )
  const order = Uint32Array.from({ length: sample.m }, (_, i) => i)
  const rates = new Float64Array(Math.ceil(sample.m / sample.batch)).fill(1e-4)
  return () => engine.steps(order, rates)
}
