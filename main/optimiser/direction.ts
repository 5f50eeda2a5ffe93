import { slotOf, type History } from './history.ts'

/**
 * The quasi-Newton direction d = −H·∇J by the two-loop recursion; steepest descent while the history is empty.
 * Each update of d is fused with the product that the next one needs.
 * @param gradient   of the history's space, as is
 * @param direction  overwritten with d
 * @param alphas     room for one number a pair
 * @returns d·∇J, the slope along d
 * @see Nocedal and Wright, Numerical Optimization, algorithm 7.4
 */
export function quasiNewtonDirection(
  history: History,
  gradient: Float64Array,
  direction: Float64Array,
  alphas: Float64Array,
): number {
  const { count, steps, gradientChanges, curvatures, scale } = history
  const { addScaled, addScaledThenDot, dot, setScaled } = history.space
  setScaled(direction, -1, gradient)
  if (count === 0) return dot(direction, gradient)

  let product = dot(direction, steps[slotOf(history, 0)])
  for (let age = 0; age < count; age++) {
    const slot = slotOf(history, age)
    alphas[age] = product / curvatures[slot]
    const last = age === count - 1
    const following = last ? gradientChanges[slot] : steps[slotOf(history, age + 1)]
    product = addScaledThenDot(direction, -alphas[age], gradientChanges[slot], following)
  }
  setScaled(direction, scale, direction)
  product *= scale
  for (let age = count - 1; age >= 0; age--) {
    const slot = slotOf(history, age)
    const scaleOfStep = alphas[age] - product / curvatures[slot]
    if (age === 0) addScaled(direction, scaleOfStep, steps[slot])
    else {
      const following = gradientChanges[slotOf(history, age - 1)]
      product = addScaledThenDot(direction, scaleOfStep, steps[slot], following)
    }
  }
  return dot(direction, gradient)
}
