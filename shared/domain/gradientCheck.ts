import type { EngineDescription } from './run.ts'

export interface PartCheck {
  /** Parameters checked against central differences. */
  checked: number
  /** max |g − ĝ| / (|g| + |ĝ|) */
  largestRelativeError: number
  /** ‖g − ĝ‖ / ‖g + ĝ‖, the course's measure: about 10⁻⁹ or less where the gradient is right. */
  normRatio: number
  /** The same measure over all parameters of the part, with the reference's gradient in float64 for ĝ. */
  referenceRatio: number
}

export const gradientParts = ['W1', 'W2', 'b1', 'b2'] as const
export type GradientPart = (typeof gradientParts)[number]
type Parts<Check> = Record<GradientPart, Check>

/** A gradient against central differences at one point: each part, and the parameters of all taken together. */
export interface GradientCheck extends PartCheck {
  parts: Parts<PartCheck>
}

export interface PartVerdict extends PartCheck {
  /** Both ratios are within the limit, with the sparsity term and without. */
  passed: boolean
}

/**
 * A gradient check of the engine that would compute a configuration, and the verdict on each part. It is made twice
 * where there is a sparsity term: this can be so much larger than the others that it hides what is wrong with them. Of
 * the two, the worse numbers stand for a part.
 */
export interface EngineGradientCheck
  extends PartCheck, Pick<EngineDescription, 'engine' | 'precision' | 'reason'> {
  /** Patches that the cost was taken over. */
  patches: number
  /** A part is right where neither ratio is above this. */
  limit: number
  /** Units at which no gradient can be right, and the mend: sentences. */
  remarks: string[]
  /** All parts are right. */
  passed: boolean
  parts: Parts<PartVerdict>
  /** What was found at each weight of the sparsity term: the configuration's own, then 0. */
  checks: { beta: number; parts: Parts<PartCheck> }[]
}

/** What a part is judged by: the larger of its two ratios; NaN where one is not a number. */
export const judgedRatio = ({ normRatio, referenceRatio }: PartCheck): number =>
  Math.max(normRatio, referenceRatio)
