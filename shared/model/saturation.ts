import type { RunConfig } from '../domain/runConfig.ts'
import { activationTable, activeShare } from './activations.ts'
import { hasTarget, unitSlopes } from './penalties.ts'
import { thetaViews, type NetworkSize } from './theta.ts'

/** Parameters, and ρ̂ of every unit there. */
export interface SparsityPoint {
  theta: Float64Array
  rhoHat: Float64Array
}

/** What to do where no weight stands out. */
export const largePatches =
  'Values of the patches are too large for these units: normalise the dataset, so that they lie where the decoder reaches.'

/** Units whose sparsity term has no finite slope in float32: ρ̂ is as far from ρ as it can be. */
function saturatedUnits(config: RunConfig, rhoHat: Float64Array): number[] {
  const slopes = Float32Array.from(unitSlopes(config, rhoHat, []))
  return Array.from(rhoHat.keys()).filter((j) => Number.isFinite(rhoHat[j]) && !Number.isFinite(slopes[j]))
}

/** So close that the mean over one batch, or a step to try, is beyond. */
const closeShare = 1e-6

function closeUnits({ activation }: RunConfig, rhoHat: Float64Array): number[] {
  return Array.from(rhoHat.keys()).filter((j) => {
    const share = activeShare(activation, rhoHat[j])
    return Math.min(share, 1 - share) < closeShare
  })
}

/** A bias or weight beyond this was not drawn, and hardly learnt. */
const largeParameter = 10

/**
 * The units that are so far off the target that the sparsity term has no bound, by number from 1, and the mend; null
 * where there are none.
 * @param before the point before, which tells the units where this one's averages are no numbers any more
 */
export function saturation(
  config: RunConfig,
  size: NetworkSize,
  point: SparsityPoint,
  before: SparsityPoint = point,
): { is: string; mend: string } | null {
  if (!hasTarget(config)) return null
  const now = saturatedUnits(config, point.rhoHat)
  const units = now.length > 0 ? now : closeUnits(config, before.rhoHat)
  if (units.length === 0) return null
  const { rhoHat, theta } = now.length > 0 ? point : before
  const [first] = units
  const named = units.slice(0, 4).map((unit) => unit + 1)
  const more = units.length > named.length ? ` and ${units.length - named.length} more` : ''
  const who = units.length === 1 ? `Unit ${named[0]} is` : `Units ${named.join(', ')}${more} are`
  const whose =
    units.length === 1 ? 'its average activation ρ̂' : `the average activation ρ̂ of unit ${named[0]}`
  // Rounding of float32 leads a little beyond.
  const [inactive, active] = activationTable[config.activation].range
  const value = Number(Math.min(active, Math.max(inactive, rhoHat[first])).toPrecision(3))
  const is = `${who} saturated: ${whose} is ${value}, where the sparsity term has no bound.`
  const { W1, b1 } = thetaViews(theta, size)
  const bias = Number(b1[first].toPrecision(3))
  const weight = largest(W1.subarray(first * size.n, (first + 1) * size.n))
  if (Math.abs(bias) > largeParameter) {
    return { is, mend: `The bias is ${bias}: start from weights with one nearer to 0, or set β to 0.` }
  }
  if (weight > largeParameter) {
    return {
      is,
      mend: `The weights reach ${Number(weight.toPrecision(3))}: start from smaller ones, or set β to 0.`,
    }
  }
  return { is, mend: largePatches }
}

/** What to say of weights at which a cost was computed: their saturated units, if any. */
export function saturationRemarks(
  config: RunConfig,
  size: NetworkSize,
  { theta, rhoHat }: { theta: Float64Array; rhoHat: ArrayLike<number> },
): string[] {
  const found = saturation(config, size, { theta, rhoHat: Float64Array.from(rhoHat) })
  return found === null ? [] : [`${found.is} ${found.mend}`]
}

export const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
