import type { Hyperparameters } from '../domain/runConfig.ts'
import { penaltyCost } from './penalties.ts'
import { thetaViews, type NetworkSize } from './theta.ts'

/** The weighted parts of the cost; they add up to `cost`. */
export interface CostParts {
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
}

/**
 * The cost from what an engine measured, in float64.
 * @param squaredError  Σ ‖h(x) − x‖² over m patches (not halved, not averaged)
 * @param rhoHat        length h
 * @see CS294A lecture notes, section 3
 */
export function costParts(
  theta: Float64Array,
  size: NetworkSize,
  hyper: Hyperparameters,
  m: number,
  squaredError: number,
  rhoHat: ArrayLike<number>,
): CostParts {
  const { W1, W2 } = thetaViews(theta, size)
  // Two sums that do not wait for each other.
  let squares1 = 0
  let squares2 = 0
  for (let i = 0; i < W1.length; i++) {
    squares1 += W1[i] * W1[i]
    squares2 += W2[i] * W2[i]
  }
  const reconstruction = squaredError / (2 * m)
  const weightDecay = (hyper.lambda / 2) * (squares1 + squares2)
  const sparsity = penaltyCost(hyper, rhoHat, W2)
  return { cost: reconstruction + weightDecay + sparsity, reconstruction, weightDecay, sparsity }
}
