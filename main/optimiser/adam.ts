import { beta1, beta2, epsilon } from '#shared/model/optimiserSteps.ts'
import { adamLoop } from './stepLoops.ts'

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
 */
export function adamStep(state: AdamState, gradient: Float64Array, rate: number): void {
  const { theta, firstMoment: first, secondMoment: second } = state
  state.step++
  const correction1 = 1 - beta1 ** state.step
  const correction2 = 1 - beta2 ** state.step
  adamLoop({ theta, first, second, gradient }, rate, epsilon, correction1, correction2)
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
