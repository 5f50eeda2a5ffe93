import type { Hyperparameters } from '../domain/runConfig.ts'
import { thetaViews, type NetworkSize } from './theta.ts'

/** The weighted parts of the cost; they add up to `cost`. */
export interface CostParts {
  cost: number
  reconstruction: number
  weightDecay: number
  sparsity: number
}

/** KL divergence between Bernoulli variables of means ρ and r, in nats; infinite where r is 0 or 1. */
export function klDivergence(rho: number, r: number): number {
  return rho * Math.log(rho / r) + (1 - rho) * Math.log((1 - rho) / (1 - r))
}

/** ρ̂ as a share of "active": itself for sigmoid, (1 + ρ̂)/2 for tanh. */
export function activeShare(activation: Hyperparameters['activation'], rhoHat: number): number {
  return activation === 'tanh' ? (1 + rhoHat) / 2 : rhoHat
}

/** dKL/dρ̂, with the factor ½ for tanh. */
export function klDerivative(activation: Hyperparameters['activation'], rho: number, rhoHat: number): number {
  const r = activeShare(activation, rhoHat)
  return (-rho / r + (1 - rho) / (1 - r)) * (activation === 'tanh' ? 0.5 : 1)
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
  let divergence = 0
  for (let j = 0; j < rhoHat.length; j++) {
    divergence += klDivergence(hyper.rho, activeShare(hyper.activation, rhoHat[j]))
  }
  const reconstruction = squaredError / (2 * m)
  const weightDecay = (hyper.lambda / 2) * (squares1 + squares2)
  // β = 0 switches the term off even where a saturated unit makes the divergence infinite.
  const sparsity = hyper.beta === 0 ? 0 : hyper.beta * divergence
  return { cost: reconstruction + weightDecay + sparsity, reconstruction, weightDecay, sparsity }
}
