import { reproducing, type Engine, type EngineShape } from '#main/engine/engine.ts'
import { engineFactories } from '#main/engine/engines.ts'
import { initialMiniBatchState } from '#main/engine/miniBatch.ts'
import { createTrainer } from '#main/session/createTrainer.ts'
import type { EngineName, RunConfig } from '#shared/domain/runConfig.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { createRandom, shuffle } from '#shared/random/random.ts'
import { elapsed, type Contender } from './interleave.ts'
import type { Workload } from './workloads.ts'

/** One of our engines, ready for a workload. */
export interface EngineContender extends Contender {
  name: EngineName
  /** What it computes on. */
  device: string
  /** One cost and gradient at the initial parameters; with a mini-batch optimiser one step, as a share of an epoch. */
  time(): Promise<number>
  /** A whole training. */
  run(iterations: number): Promise<RunTiming>
  dispose(): Promise<void>
}

export interface RunTiming {
  elapsedMs: number
  cost: number
  iterations: number
  evaluations: number
}

export async function engineContender(
  name: EngineName,
  workload: Workload,
  patches: Float32Array,
): Promise<EngineContender> {
  const { m, n, h, config } = workload
  const shape = { m, n, h, batch: Math.min(config.batch, m) }
  const engine = await engineFactories[name].create(shape, { ...config, hyper: config })
  await engine.setExamples(reproducing(patches))
  const theta = initialTheta(shape, config)
  return {
    name,
    device: engine.describe().device,
    time:
      config.optimiser === 'lbfgs' ? gradientTimer(engine, theta) : await stepTimer(engine, shape, config),
    async run(iterations) {
      const trainer = await createTrainer(
        engine,
        shape,
        { ...config, iterations },
        initialTheta(shape, config),
      )
      let done = 0
      const elapsedMs = await elapsed(async () => {
        await trainer.start()
        while (done < iterations) {
          const { advanced, outcome } = await trainer.iterate()
          if (advanced) done++
          if (outcome !== null) break
        }
      })
      const { cost, evaluations } = trainer.current()
      return { elapsedMs, cost, iterations: done, evaluations }
    },
    dispose: () => engine.dispose(),
  }
}

function gradientTimer(engine: Engine, theta: Float64Array): () => Promise<number> {
  const gradient = new Float64Array(theta.length)
  return () => elapsed(() => engine.evaluate(theta, gradient))
}

async function stepTimer(
  engine: Engine,
  shape: EngineShape,
  config: RunConfig,
): Promise<() => Promise<number>> {
  const { m, h, batch } = shape
  await engine.loadState(initialMiniBatchState(initialTheta(shape, config), h, config.optimiser))
  const order = Uint32Array.from({ length: m }, (_, i) => i)
  shuffle(order, createRandom(config.seed))
  const rates = new Float64Array(Math.ceil(m / batch)).fill(config.learningRate)
  return async () => (await elapsed(() => engine.steps(order, rates))) / rates.length
}
