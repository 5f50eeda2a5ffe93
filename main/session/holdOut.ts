import type { EngineFactory, EngineSettings, EngineShape } from '#main/engine/engine.ts'
import { createStream, type Seed } from '#shared/random/stream.ts'

/**
 * Moves a random choice of patches to the end, in place: what is in front is trained on, the rest is held out. The
 * same seed chooses the same ones.
 * @param patches  m × n; rows change places
 * @param count    patches to hold out
 */
export function holdOut(
  patches: Float32Array,
  { m, n }: { m: number; n: number },
  count: number,
  seed: Seed,
): { training: Float32Array; heldOut: Float32Array } {
  const random = createStream(seed, 'holdOut')
  const row = (i: number) => patches.subarray(i * n, (i + 1) * n)
  for (let last = m - 1; last >= m - count; last--) {
    const drawn = random.integer(last + 1)
    const moved = row(drawn).slice()
    row(drawn).set(row(last))
    row(last).set(moved)
  }
  return { training: patches.subarray(0, (m - count) * n), heldOut: patches.subarray((m - count) * n) }
}

/** Measures the reconstruction error of patches held out, with an engine of their own. */
export async function createValidation(
  factory: EngineFactory,
  shape: EngineShape,
  settings: EngineSettings,
  heldOut: Float32Array,
): Promise<{ validate(theta: Float64Array): Promise<number>; dispose(): Promise<void> }> {
  const m = heldOut.length / shape.n
  const engine = await factory.create({ ...shape, m, batch: Math.min(shape.batch, m) }, settings)
  await engine.setPatches(heldOut)
  let gradient = new Float64Array(0)
  return {
    async validate(theta) {
      if (gradient.length !== theta.length) gradient = new Float64Array(theta.length)
      return (await engine.evaluate(theta, gradient)).squaredError / (2 * m)
    },
    dispose: () => engine.dispose(),
  }
}
