import type { Optimiser } from '#shared/domain/runConfig.ts'
import { bind, divide, variable, type Expression } from '#shared/model/expression.ts'
import { adamUncorrected as adam, sgd } from '#shared/model/optimiserSteps.ts'
import { constantsLast, expressionNodes } from './expressionNodes.ts'
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

/** One step of Adam or SGD, as `adamStep` and `sgdStep` take it. The mean over patches is taken with the moments. */
export function stepNodes(graph: GraphBuilder, inputs: StepInputs): StepState {
  const { optimiser, momentum, gradientSum, m, rate, epsilon, theta, firstMoment, secondMoment } = inputs
  const gradient = divide(variable('gradientSum'), m)
  const nodes = (expression: Expression, names: Record<string, Tensor>) =>
    expressionNodes(graph, constantsLast(bind(expression, { gradient, momentum })), { gradientSum, ...names })

  if (optimiser === 'sgd') {
    const velocity = nodes(sgd.velocity, { velocity: firstMoment })
    return { theta: nodes(sgd.theta, { theta, velocity, rate }), firstMoment: velocity }
  }
  if (secondMoment === undefined || epsilon === undefined) throw new Error('Adam needs its second moment.')
  const first = nodes(adam.first, { first: firstMoment })
  const second = nodes(adam.second, { second: secondMoment })
  const next = nodes(adam.theta, { theta, first, second, rate, epsilon })
  return { theta: next, firstMoment: first, secondMoment: second }
}
