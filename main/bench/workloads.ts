import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { findPreset } from '#shared/domain/presets.ts'
import { createRandom } from '#shared/random/random.ts'

export interface Workload {
  /** n→h, e.g. "64→25". */
  name: string
  m: number
  n: number
  h: number
  config: RunConfig
}

const preset = (id: string): RunConfig => findPreset(id)?.config ?? defaultConfig

/** The shapes that are measured: three presets, and MNIST's size. */
export const workloads: readonly Workload[] = [
  { name: '64→25', m: 10_000, n: 64, h: 25, config: preset('edges') },
  { name: '100→50', m: 10_000, n: 100, h: 50, config: preset('bottleneck') },
  { name: '100→200', m: 10_000, n: 100, h: 200, config: preset('overcomplete') },
  { name: '784→400', m: 10_000, n: 784, h: 400, config: { ...preset('edges'), hidden: 400, rho: 0.05 } },
]

/** Floating-point operations of one cost and gradient: five matrix products of 2·m·n·h. */
export const gradientFlops = ({ m, n, h }: Workload): number => 10 * m * n * h

/**
 * Patches with structure to learn, without images: sums of a few smooth random waves, in [0.1, 0.9].
 * @param patches  where to write them
 * @returns m × n row-major
 */
export function benchPatches(
  { m, n }: Pick<Workload, 'm' | 'n'>,
  seed = 1,
  patches: Float32Array = new Float32Array(m * n),
): Float32Array {
  const random = createRandom(seed)
  const side = Math.round(Math.sqrt(n))
  for (let i = 0; i < m; i++) {
    const angle = Math.PI * random.uniform()
    const frequency = (0.5 + 2 * random.uniform()) / side
    const phase = 2 * Math.PI * random.uniform()
    const contrast = 0.4 * random.uniform() ** 2
    for (let k = 0; k < n; k++) {
      const along = (k % side) * Math.cos(angle) + Math.floor(k / side) * Math.sin(angle)
      const edge = Math.tanh(3 * Math.sin(2 * Math.PI * frequency * along + phase))
      patches[i * n + k] = 0.5 + contrast * edge + 0.01 * random.normal()
    }
  }
  return patches
}
