import type { Activation, Hyperparameters } from '#shared/domain/runConfig.ts'
import type { GraphBuilder, Tensor } from './graphBuilder.ts'

/** A squashing function in a graph. */
export interface ActivationNodes {
  value(z: Tensor): Tensor
  /** delta ⊙ f′, with f′ from the function's own value a. */
  timesDerivative(delta: Tensor, a: Tensor): Tensor
}

export function activationNodes(graph: GraphBuilder, activation: Activation | 'linear'): ActivationNodes {
  const { node } = graph
  switch (activation) {
    case 'sigmoid':
      return {
        value: (z) => node('Sigmoid', [z]),
        // d·a·(1 − a) as d·a − d·a·a
        timesDerivative(delta, a) {
          const product = node('Mul', [delta, a])
          return node('Sub', [product, node('Mul', [product, a])])
        },
      }
    case 'tanh':
      return {
        value: (z) => node('Tanh', [z]),
        // d·(1 − a²) as d − d·a·a
        timesDerivative: (delta, a) => node('Sub', [delta, node('Mul', [node('Mul', [delta, a]), a])]),
      }
    case 'linear':
      return { value: (z) => z, timesDerivative: (delta) => delta }
  }
}

/** β·dKL(ρ ‖ ρ̂)/dρ̂ of each hidden unit; the same as `klDerivative` in shared/model. */
export function sparsityDerivative(
  { node, filled }: GraphBuilder,
  rhoHat: Tensor,
  { activation, rho, beta }: Hyperparameters,
): Tensor {
  const one = filled(1)
  const tanh = activation === 'tanh'
  const r = tanh ? node('Mul', [node('Add', [rhoHat, one]), filled(0.5)]) : rhoHat
  const inactive = node('Div', [filled(1 - rho), node('Sub', [one, r])])
  const active = node('Div', [filled(rho), r])
  return node('Mul', [node('Sub', [inactive, active]), filled(tanh ? beta / 2 : beta)])
}
