import {
  gradientParts,
  judgedRatio,
  type EngineGradientCheck,
  type GradientCheck,
  type PartCheck,
  type PartVerdict,
} from '#shared/domain/gradientCheck.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { heldOutCount } from '#shared/model/heldOutCount.ts'
import { saturationRemarks } from '#shared/model/saturation.ts'
import { initialTheta, thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import { createStream } from '#shared/random/stream.ts'
import {
  reproducing,
  type EngineFactory,
  type EngineSettings,
  type EngineShape,
  type Patches,
} from './engine.ts'
import { chooseEngine } from './engines.ts'
import { gradientCheck } from './gradientCheck.ts'

/**
 * Limits of a part, several times what rounding gives. Measured on every preset from three seeds (Colour from one): at most 1.4e-7 by
 * ONNX Runtime and WebAssembly, 2.4e-7 by WebGPU, whose exponentials are less exact; in float64 at most 3e-9, all of it
 * the differences' own error. Half of the weight decay of one matrix left out gives 5e-5 at least.
 */
const limits = { float64: 2e-8, float32: 2e-6 } as const

/** Parameters of a part that are checked by differences: at most enough to find any wrong term, some of each part. */
const mostParameters = 200
const leastParameters = 20
/** Multiplications that the differences may take together, about: a few seconds. */
const mostWork = 5e8

/** A difference takes four costs, a cost two products of matrices; four parts, at two weights of sparsity. */
const sampleSize = (m: number, n: number, h: number): number =>
  Math.min(mostParameters, Math.max(leastParameters, Math.floor(mostWork / (64 * m * n * h))))

/** Largest bias that a gradient is checked at. */
const largestBias = 0.5

/**
 * Compares the gradient of the engine that would compute a run with central differences of the reference cost in
 * float64, on a few patches and a sample of the parameters, and all of it with the reference's gradient.
 * @param patches       a few, k × n
 * @param n             pixels of a patch
 * @param totalPatches  of the whole dataset: `auto` chooses the engine for these
 * @param differences   parameters of each part to take differences of, at most; what a few seconds allow where absent
 * @throws LabError engineUnavailable
 */
export async function checkEngineGradient(
  config: RunConfig,
  patches: Patches,
  n: number,
  totalPatches: number,
  differences?: number,
): Promise<EngineGradientCheck> {
  const { hidden: h, beta } = config
  const trained = totalPatches - heldOutCount(totalPatches, config.validation)
  const { factory, settings, reason } = await chooseEngine(
    config.engine,
    { m: trained, n, h, batch: Math.min(config.batch, trained) },
    { ...config, hyper: config },
  )
  const m = patches.length / n
  const shape = { m, n, h, batch: Math.min(config.batch, m) }
  const theta = checkedTheta(config, { n, h })
  const most = differences ?? sampleSize(m, n, h)
  const found: (GradientCheck & { beta: number })[] = []
  let remarks: string[] = []
  let described = { engine: factory.name, precision: 'float32' as EngineGradientCheck['precision'] }
  for (const weight of beta === 0 ? [0] : [beta, 0]) {
    const hyper = { ...settings.hyper, beta: weight }
    const computed = await gradientBy(factory, shape, { ...settings, hyper }, patches, theta)
    described = computed.described
    if (weight !== 0) remarks = saturationRemarks(config, shape, { theta, rhoHat: computed.rhoHat })
    const sample = { most, random: createStream(config, 'checkedParameters') }
    const check = gradientCheck({
      ...shape,
      patches,
      hyper,
      theta,
      engineGradient: computed.gradient,
      sample,
    })
    found.push({ beta: weight, ...check })
  }
  const limit = limits[described.precision]
  const verdict = (part: (typeof gradientParts)[number]): PartVerdict => {
    const worst = worstOf(found.map(({ parts }) => parts[part]))
    // NaN has not passed.
    return { ...worst, passed: judgedRatio(worst) <= limit }
  }
  const parts = { W1: verdict('W1'), W2: verdict('W2'), b1: verdict('b1'), b2: verdict('b2') }
  return {
    ...described,
    reason,
    patches: m,
    limit,
    remarks,
    passed: gradientParts.every((part) => parts[part].passed),
    ...worstOf(found),
    parts,
    checks: found.map((check) => ({ beta: check.beta, parts: check.parts })),
  }
}

/**
 * The run's initial weights, with biases: at 0 these would hide what is wrong with them. All are float32, so that an
 * engine computes at the very same point.
 */
function checkedTheta(config: RunConfig, size: NetworkSize): Float64Array {
  const theta = initialTheta(size, config)
  const random = createStream(config, 'checkedBiases')
  for (let i = thetaLayout(size).b1; i < theta.length; i++)
    theta[i] = largestBias * (2 * random.uniform() - 1)
  return theta.map(Math.fround)
}

async function gradientBy(
  factory: EngineFactory,
  shape: EngineShape,
  settings: EngineSettings,
  patches: Patches,
  theta: Float64Array,
) {
  const gradient = new Float64Array(theta.length)
  const engine = await factory.create(shape, settings)
  try {
    await engine.setExamples(reproducing(patches))
    const { rhoHat } = await engine.evaluate(theta, gradient)
    const { engine: name, precision } = engine.describe()
    return { gradient, rhoHat: Float64Array.from(rhoHat), described: { engine: name, precision } }
  } finally {
    await engine.dispose()
  }
}

function worstOf(checks: readonly PartCheck[]): PartCheck {
  // Of what is not a number nothing is larger.
  const worst = (of: (check: PartCheck) => number) => Math.max(...checks.map(of))
  return {
    checked: checks[0].checked,
    largestRelativeError: worst((check) => check.largestRelativeError),
    normRatio: worst((check) => check.normRatio),
    referenceRatio: worst((check) => check.referenceRatio),
  }
}
