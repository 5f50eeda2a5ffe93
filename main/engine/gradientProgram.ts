import type { Evaluation, Examples } from './engine.ts'
import type { MovingAverage } from './miniBatch.ts'

/** Cost and gradient compiled for one number of rows. */
export interface GradientProgram {
  /** Reads these from now on; they are not copied here and may change between evaluations. */
  setExamples(examples: Examples): void
  /** @param average  how ρ̂ mixes with that of earlier batches; where absent it is the exact mean */
  evaluate(theta: Float64Array, gradient: Float64Array, average?: MovingAverage): Promise<Evaluation>
  release(): Promise<void>
}

/**
 * What a program computed, as a gradient: gradient ← sums/m + λ·θ for the part of theta that starts at `from`.
 * Programs sum over rows in their own precision; the average and the weight decay are taken in float64.
 */
export function gradientFromSums(
  gradient: Float64Array,
  from: number,
  sums: ArrayLike<number>,
  m: number,
  lambda: number,
  theta: Float64Array,
): void {
  const share = 1 / m
  for (let i = 0; i < sums.length; i++) gradient[from + i] = sums[i] * share + lambda * theta[from + i]
}
