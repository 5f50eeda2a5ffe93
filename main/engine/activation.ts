import type { Activation, Hyperparameters } from '#shared/domain/runConfig.ts'

/** A squashing function and its derivative, the latter from the function's own value. */
export interface ActivationFunction {
  value(z: number): number
  derivative(a: number): number
}

export const activationFunctions: Record<Activation | 'linear', ActivationFunction> = {
  sigmoid: { value: (z) => 1 / (1 + Math.exp(-z)), derivative: (a) => a * (1 - a) },
  tanh: { value: Math.tanh, derivative: (a) => 1 - a * a },
  linear: { value: (z) => z, derivative: () => 1 },
}

/** Name of g, the decoder's function: f itself, or linear. */
export const decoderActivation = (hyper: Hyperparameters): Activation | 'linear' =>
  hyper.decoder === 'linear' ? 'linear' : hyper.activation
