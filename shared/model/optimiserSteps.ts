import { add, bind, divide, multiply, sqrt, subtract, variable, type Expression } from './expression.ts'

/** Exponential decay of Adam's moments, and the term that keeps its division finite. */
export const beta1 = 0.9
export const beta2 = 0.999
export const epsilon = 1e-8

const theta = variable('theta')
const gradient = variable('gradient')
const rate = variable('rate')
const first = variable('first')
const second = variable('second')
const velocity = variable('velocity')

/**
 * Adam, of what was before the step: moments m ← β₁·m + (1 − β₁)·g and v ← β₂·v + (1 − β₂)·g², of `gradient` and the
 * moments `first` and `second`; then θ ← θ − rate·(m/correction1)/(√(v/correction2) + epsilon) of the new moments.
 * @see Kingma and Ba 2015, algorithm 1
 */
export const adam = {
  first: add(multiply(beta1, first), multiply(1 - beta1, gradient)),
  second: add(multiply(beta2, second), multiply(multiply(1 - beta2, gradient), gradient)),
  theta: subtract(
    theta,
    divide(
      multiply(rate, divide(first, variable('correction1'))),
      add(sqrt(divide(second, variable('correction2'))), variable('epsilon')),
    ),
  ),
}

/** Adam for engines that are given a rate and an epsilon in which both corrections are contained (see `adamScalars`). */
export const adamUncorrected: typeof adam = {
  ...adam,
  theta: bind(adam.theta, { correction1: 1, correction2: 1 }),
}

/** Gradient descent with `momentum` μ: v ← μ·v + g, then θ ← θ − rate·v of the new `velocity`. */
export const sgd: Record<'velocity' | 'theta', Expression> = {
  velocity: add(multiply(variable('momentum'), velocity), gradient),
  theta: subtract(theta, multiply(rate, velocity)),
}
