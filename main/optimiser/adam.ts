/** Exponential decay of the first and second moments, and the term that keeps the division finite. */
export const beta1 = 0.9
export const beta2 = 0.999
const epsilon = 1e-8

/** What an Adam step changes; every array has the length of theta. */
export interface AdamState {
  theta: Float64Array
  firstMoment: Float64Array
  secondMoment: Float64Array
  /** Steps taken. */
  step: number
}

/**
 * One step of Adam with bias correction: changes `state`.
 * @param rate  learning rate of this step
 * @see Kingma and Ba 2015, algorithm 1
 */
export function adamStep(state: AdamState, gradient: Float64Array, rate: number): void {
  const { theta, firstMoment, secondMoment } = state
  state.step++
  const correction1 = 1 - beta1 ** state.step
  const correction2 = 1 - beta2 ** state.step
  for (let i = 0; i < theta.length; i++) {
    const g = gradient[i]
    const first = beta1 * firstMoment[i] + (1 - beta1) * g
    const second = beta2 * secondMoment[i] + (1 - beta2) * g * g
    firstMoment[i] = first
    secondMoment[i] = second
    theta[i] -= (rate * (first / correction1)) / (Math.sqrt(second / correction2) + epsilon)
  }
}

/**
 * Both corrections of a step in two numbers: θ ← θ − rate·first / (√second + epsilon) with these is the same as above.
 * For engines that take the step themselves.
 * @param step  counts from 1
 */
export function adamScalars(step: number, rate: number): { rate: number; epsilon: number } {
  const root = Math.sqrt(1 - beta2 ** step)
  return { rate: (rate * root) / (1 - beta1 ** step), epsilon: epsilon * root }
}
