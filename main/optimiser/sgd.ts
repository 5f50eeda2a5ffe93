import { sgdLoop } from './stepLoops.ts'

/** What an SGD step changes; both arrays have the length of theta. */
export interface SgdState {
  theta: Float64Array
  /** The velocity: gradients summed with decay. */
  firstMoment: Float64Array
  /** Steps taken. */
  step: number
}

/**
 * One step of gradient descent with momentum, v ← μ·v + g and θ ← θ − rate·v: changes `state`.
 * The rate multiplies the velocity as a whole, so that a changed rate takes effect at once.
 * @param rate      learning rate of this step
 * @param momentum  μ in [0, 1)
 */
export function sgdStep(state: SgdState, gradient: Float64Array, rate: number, momentum: number): void {
  const { theta, firstMoment: velocity } = state
  state.step++
  sgdLoop({ theta, velocity, gradient }, rate, momentum)
}
