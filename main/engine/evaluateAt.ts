import type { EngineDescription } from '#shared/domain/run.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { costParts, type CostParts } from '#shared/model/cost.ts'
import type { NetworkSize } from '#shared/model/theta.ts'
import { reproducing } from './engine.ts'
import { chooseEngine } from './engines.ts'

export interface CostEvaluation {
  parts: CostParts
  /** Length h. */
  rhoHat: ArrayLike<number>
  /** Of the cost, in the layout of theta. */
  gradient: Float64Array
  engine: EngineDescription
  engineVersions: Record<string, string>
}

/**
 * Cost and gradient at given parameters, by the engine that the configuration asks for.
 * @param patches m × n row-major
 * @throws LabError engineUnavailable
 */
export async function evaluateAt(
  theta: Float64Array,
  { n, h }: NetworkSize,
  config: RunConfig,
  patches: Float32Array,
): Promise<CostEvaluation> {
  const m = patches.length / n
  const shape = { m, n, h, batch: m }
  const { factory, settings, reason } = await chooseEngine(config.engine, shape, { ...config, hyper: config })
  const engine = await factory.create(shape, settings)
  try {
    await engine.setExamples(reproducing(patches))
    const gradient = new Float64Array(theta.length)
    const { squaredError, rhoHat } = await engine.evaluate(theta, gradient)
    const { versions, ...description } = engine.describe()
    return {
      parts: costParts(theta, shape, config, m, squaredError, rhoHat),
      rhoHat,
      gradient,
      engine: { ...description, reason },
      engineVersions: versions,
    }
  } finally {
    await engine.dispose()
  }
}
