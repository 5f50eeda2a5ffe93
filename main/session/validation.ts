import {
  reproducing,
  type EngineFactory,
  type EngineSettings,
  type EngineShape,
} from '#main/engine/engine.ts'

/** Measures the reconstruction error of patches held out, with an engine of their own. */
export async function createValidation(
  factory: EngineFactory,
  shape: EngineShape,
  settings: EngineSettings,
  heldOut: Float32Array,
): Promise<{ validate(theta: Float64Array): Promise<number>; dispose(): Promise<void> }> {
  const m = heldOut.length / shape.n
  const engine = await factory.create({ ...shape, m, batch: Math.min(shape.batch, m) }, settings)
  await engine.setExamples(reproducing(heldOut))
  let gradient = new Float64Array(0)
  return {
    async validate(theta) {
      if (gradient.length !== theta.length) gradient = new Float64Array(theta.length)
      return (await engine.evaluate(theta, gradient)).squaredError / (2 * m)
    },
    dispose: () => engine.dispose(),
  }
}
