import { CholeskyDecomposition, Matrix } from 'ml-matrix'

/** A sum of squares to be made small. */
export interface LeastSquares {
  /** Number of residuals. */
  points: number
  /** Bounds of each parameter. */
  lower: ArrayLike<number>
  upper: ArrayLike<number>
  /**
   * Residuals at `parameters`, and their derivatives.
   * @param residuals length `points`; overwritten
   * @param jacobian  points × parameters row-major; overwritten
   */
  evaluate(parameters: Float64Array, residuals: Float64Array, jacobian: Float64Array): void
}

export interface Minimum {
  parameters: Float64Array
  /** Σ residual² there; not finite where it could not be evaluated. */
  squares: number
}

const firstDamping = 1e-3
const largestDamping = 1e9
const mostSteps = 100
/** A step that lowers the sum by less than this share of it is the last. */
const smallestGain = 1e-9

/**
 * Levenberg–Marquardt with Marquardt's scaling, inside bounds: a step is taken only if it lowers the sum of squares.
 * @param start inside the bounds
 * @see Marquardt 1963; Nocedal and Wright, Numerical Optimization, section 10.3
 */
export function levenbergMarquardt(problem: LeastSquares, start: ArrayLike<number>): Minimum {
  const { points, lower, upper } = problem
  const count = start.length
  let parameters = Float64Array.from(start)
  let residuals = new Float64Array(points)
  let jacobian = new Float64Array(points * count)
  let nextResiduals = new Float64Array(points)
  let nextJacobian = new Float64Array(points * count)
  problem.evaluate(parameters, residuals, jacobian)
  let squares = sumOfSquares(residuals)
  if (!Number.isFinite(squares)) return { parameters, squares }
  let damping = firstDamping

  for (let step = 0; step < mostSteps && damping < largestDamping;) {
    const { normal, gradient } = normalEquations(residuals, jacobian, count)
    // A parameter that would leave its bounds stays where it is.
    const free = Array.from({ length: count }, (_, k) => k).filter(
      (k) => !(gradient[k] > 0 ? parameters[k] <= lower[k] : parameters[k] >= upper[k]),
    )
    let lowered = false
    while (!lowered && step < mostSteps && damping < largestDamping) {
      step++
      const move = solveDamped(normal, gradient, free, damping)
      const next = parameters.slice()
      free.forEach((k, i) => {
        next[k] = Math.max(lower[k], Math.min(upper[k], parameters[k] - (move?.[i] ?? 0)))
      })
      problem.evaluate(next, nextResiduals, nextJacobian)
      const nextSquares = sumOfSquares(nextResiduals)
      if (!(move !== null && nextSquares < squares)) {
        damping *= 8
        continue
      }
      lowered = true
      damping = Math.max(damping / 8, 1e-12)
      const gain = squares - nextSquares
      ;[parameters, squares] = [next, nextSquares]
      ;[residuals, nextResiduals] = [nextResiduals, residuals]
      ;[jacobian, nextJacobian] = [nextJacobian, jacobian]
      if (gain <= smallestGain * squares) return { parameters, squares }
    }
  }
  return { parameters, squares }
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i]
  return sum
}

/** JᵀJ (count × count) and Jᵀr. */
function normalEquations(residuals: Float64Array, jacobian: Float64Array, count: number) {
  const normal = new Float64Array(count * count)
  const gradient = new Float64Array(count)
  for (let i = 0; i < residuals.length; i++) {
    const row = i * count
    for (let k = 0; k < count; k++) {
      const derivative = jacobian[row + k]
      gradient[k] += derivative * residuals[i]
      for (let l = 0; l <= k; l++) normal[k * count + l] += derivative * jacobian[row + l]
    }
  }
  return { normal, gradient }
}

/** Solves (JᵀJ + damping · diag JᵀJ) step = Jᵀr over the free parameters; null where that is singular. */
function solveDamped(
  normal: Float64Array,
  gradient: Float64Array,
  free: readonly number[],
  damping: number,
): number[] | null {
  if (free.length === 0) return null
  const count = gradient.length
  const damped = new Matrix(free.length, free.length)
  free.forEach((k, i) => {
    free.slice(0, i + 1).forEach((l, j) => {
      const value = normal[k * count + l] * (i === j ? 1 + damping : 1) + (i === j ? 1e-30 : 0)
      damped.set(i, j, value)
      damped.set(j, i, value)
    })
  })
  const cholesky = new CholeskyDecomposition(damped)
  if (!cholesky.isPositiveDefinite()) return null
  return cholesky.solve(Matrix.columnVector(free.map((k) => gradient[k]))).to1DArray()
}
