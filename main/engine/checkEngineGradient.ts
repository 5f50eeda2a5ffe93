import type { EngineGradientCheck } from '#shared/domain/gradientCheck.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { initialTheta } from '#shared/model/theta.ts'
import type { Patches } from './engine.ts'
import { chooseEngine } from './engines.ts'
import { gradientCheck } from './gradientCheck.ts'

/** Float64 agrees to about 1e-9, as the course says; float32 carries seven digits. */
const limits = { float64: 1e-7, float32: 1e-4 } as const

/** Parameters of a part that are checked: at most enough to find any wrong term, at least some of each part. */
const mostParameters = 200
const leastParameters = 20
/** Multiplications that the differences may take together, about: a few seconds. */
const mostWork = 1e9

/** A difference takes two costs, a cost two products of matrices; four parts. */
const sampleSize = (m: number, n: number, h: number): number =>
  Math.min(mostParameters, Math.max(leastParameters, Math.floor(mostWork / (16 * m * n * h))))

/**
 * Compares the gradient of the engine that would compute a run, at the run's initial weights, with central differences
 * of the reference cost in float64, on a few patches and a sample of the parameters.
 * @param patches       a few, k × n
 * @param n             pixels of a patch
 * @param totalPatches  of the whole dataset: `auto` chooses the engine for these
 * @throws LabError engineUnavailable
 */
export async function checkEngineGradient(
  config: RunConfig,
  patches: Patches,
  n: number,
  totalPatches: number,
): Promise<EngineGradientCheck> {
  const { hidden: h, seed } = config
  const trained = totalPatches - heldOutCount(totalPatches, config.validation)
  const { factory, settings, reason } = await chooseEngine(
    config.engine,
    { m: trained, n, h, batch: Math.min(config.batch, trained) },
    { ...config, hyper: config },
  )
  const m = patches.length / n
  const shape = { m, n, h, batch: Math.min(config.batch, m) }
  const theta = initialTheta(shape, seed)
  const gradient = new Float64Array(theta.length)
  const engine = await factory.create(shape, settings)
  const { engine: name, precision } = engine.describe()
  try {
    await engine.setPatches(patches)
    await engine.evaluate(theta, gradient)
  } finally {
    await engine.dispose()
  }
  const check = gradientCheck({
    ...shape,
    patches,
    hyper: config,
    theta,
    engineGradient: gradient,
    sample: sampleSize(m, n, h),
    seed,
  })
  const limit = limits[precision]
  // NaN has not passed.
  const passed = check.normRatio <= limit
  return { engine: name, precision, reason, patches: m, limit, passed, ...check }
}
