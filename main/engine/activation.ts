import { decoderFormulas, formulasOf, type Formulas } from '#shared/model/activations.ts'
import { vectorProgram } from '#shared/model/vectorProgram.ts'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'

/** An activation in float64, over whole arrays. */
export interface ActivationFunction {
  /** values ← f(values) */
  apply(values: Float64Array): void
  /** out ← f′, of what f has given */
  derivative(out: Float64Array, activations: Float64Array): void
}

const known = new Map<Formulas, ActivationFunction>()

function functionOf(formulas: Formulas): ActivationFunction {
  const before = known.get(formulas)
  if (before) return before
  const f = vectorProgram(formulas.value)
  const slope = vectorProgram(formulas.derivative)
  const made: ActivationFunction = {
    apply: (values) => f(values, { z: values }),
    derivative: (out, activations) => slope(out, { a: activations }),
  }
  known.set(formulas, made)
  return made
}

/** Of the hidden units. */
export const hiddenFunction = ({ activation }: Pick<Hyperparameters, 'activation'>): ActivationFunction =>
  functionOf(formulasOf(activation))

/** Of the outputs. */
export const decoderFunction = (hyper: Hyperparameters): ActivationFunction =>
  functionOf(decoderFormulas(hyper))
