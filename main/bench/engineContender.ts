import { engineFactories } from '#main/engine/engines.ts'
import { createTrainer } from '#main/session/createTrainer.ts'
import type { EngineName } from '#shared/domain/runConfig.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { elapsed, type Contender } from './interleave.ts'
import type { Workload } from './workloads.ts'

/** One of our engines, ready for a workload. */
export interface EngineContender extends Contender {
  /** One cost and gradient at the initial parameters. */
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
  await engine.setPatches(patches)
  const theta = initialTheta(shape, config.seed)
  const gradient = new Float64Array(theta.length)
  return {
    name,
    time: () => elapsed(() => engine.evaluate(theta, gradient)),
    async run(iterations) {
      const trainer = await createTrainer(
        engine,
        shape,
        { ...config, iterations },
        initialTheta(shape, config.seed),
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
