import { beta1, beta2 } from '#main/optimiser/adam.ts'
import type { Optimiser } from '#shared/domain/runConfig.ts'
import type { GraphBuilder, Tensor } from './graphBuilder.ts'

/** State of an optimiser in a graph; each of the length of theta. */
export interface StepState {
  theta: Tensor
  firstMoment: Tensor
  /** Adam's alone. */
  secondMoment?: Tensor
}

export interface StepInputs extends StepState {
  optimiser: Optimiser
  momentum: number
  /** Sum of the gradients of m patches. */
  gradientSum: Tensor
  m: number
  /** One number: the learning rate; Adam's comes corrected for the bias of its moments, as `adamScalars` does. */
  rate: Tensor
  /** One number, Adam's alone: the term that keeps the division finite, corrected likewise. */
  epsilon?: Tensor
}

/** One step of Adam or SGD: the same as `adamStep` and `sgdStep`. The mean over patches is taken with the moments. */
export function stepNodes(graph: GraphBuilder, inputs: StepInputs): StepState {
  const { optimiser, momentum, gradientSum, m, rate, epsilon, theta, firstMoment, secondMoment } = inputs
  const { node, filled } = graph
  const sum = (a: Tensor, b: Tensor) => node('Add', [a, b])
  const times = (a: Tensor, b: Tensor) => node('Mul', [a, b])

  if (optimiser === 'sgd') {
    const velocity = sum(times(firstMoment, filled(momentum)), times(gradientSum, filled(1 / m)))
    return { theta: node('Sub', [theta, times(velocity, rate)]), firstMoment: velocity }
  }
  if (secondMoment === undefined || epsilon === undefined) throw new Error('Adam needs its second moment.')
  const first = sum(times(firstMoment, filled(beta1)), times(gradientSum, filled((1 - beta1) / m)))
  const squares = times(gradientSum, gradientSum)
  const second = sum(times(secondMoment, filled(beta2)), times(squares, filled((1 - beta2) / m / m)))
  const step = node('Div', [times(first, rate), sum(node('Sqrt', [second]), epsilon)])
  return { theta: node('Sub', [theta, step]), firstMoment: first, secondMoment: second }
}
