import type { Hyperparameters } from '../domain/runConfig.ts'
import { activeShare } from './activations.ts'

/** How ρ̂ is spread over the hidden units. */
export interface RhoHatSpread {
  min: number
  /** First quartile. */
  lower: number
  median: number
  /** Third quartile. */
  upper: number
  max: number
  mean: number
}

/**
 * Quantiles over the hidden units, linearly interpolated between neighbours (NumPy's default).
 * @param rhoHat length h, at least 1; all NaN where one of them is
 */
export function rhoHatSpread(rhoHat: ArrayLike<number>): RhoHatSpread {
  const sorted = Float64Array.from(rhoHat).toSorted()
  const last = sorted.length - 1
  // A typed array sorts NaN to the end.
  if (last < 0 || Number.isNaN(sorted[last])) {
    return { min: NaN, lower: NaN, median: NaN, upper: NaN, max: NaN, mean: NaN }
  }
  const quantile = (share: number) => {
    const at = share * last
    const below = Math.floor(at)
    const fraction = at - below
    return fraction === 0 ? sorted[below] : sorted[below] * (1 - fraction) + sorted[below + 1] * fraction
  }
  let sum = 0
  for (const value of sorted) sum += value
  return {
    min: sorted[0],
    lower: quantile(0.25),
    median: quantile(0.5),
    upper: quantile(0.75),
    max: sorted[last],
    mean: sum / sorted.length,
  }
}

/** Hidden units far off the target, by index from 0. */
export interface DeviantUnits {
  /** Active in less than a tenth of the share ρ asks for: they do nothing. */
  dead: number[]
  /** Active in more than three times that share: they say little about a patch. */
  overActive: number[]
}

type Target = Pick<Hyperparameters, 'rho' | 'activation' | 'penalty'>

/** @param rhoHat length h; what is not a number is neither */
export function deviantUnits(rhoHat: ArrayLike<number>, { rho, activation, penalty }: Target): DeviantUnits {
  const dead: number[] = []
  const overActive: number[] = []
  // Without a target there is nothing to be far from.
  if (penalty !== 'kl') return { dead, overActive }
  for (let j = 0; j < rhoHat.length; j++) {
    const share = activeShare(activation, rhoHat[j])
    if (share < rho / 10) dead.push(j)
    else if (share > 3 * rho) overActive.push(j)
  }
  return { dead, overActive }
}

/** How many hidden units are dead; null where no target says what that is. */
export const countDeadUnits = (rhoHat: ArrayLike<number>, target: Target): number | null =>
  target.penalty === 'kl' ? deviantUnits(rhoHat, target).dead.length : null
