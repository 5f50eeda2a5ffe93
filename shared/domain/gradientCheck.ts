import type { EngineDescription } from './run.ts'

export interface PartCheck {
  /** Parameters checked. */
  checked: number
  /** max |g − ĝ| / (|g| + |ĝ|) */
  largestRelativeError: number
  /** ‖g − ĝ‖ / ‖g + ĝ‖, the course's measure: about 10⁻⁹ or less where the gradient is right. */
  normRatio: number
}

export const gradientParts = ['W1', 'W2', 'b1', 'b2'] as const
export type GradientPart = (typeof gradientParts)[number]

/** A gradient against central differences: all parameters checked together, and each part of them. */
export interface GradientCheck extends PartCheck {
  parts: Record<GradientPart, PartCheck>
}

/** A gradient check of the engine that would compute a configuration, and the verdict. */
export interface EngineGradientCheck
  extends GradientCheck, Pick<EngineDescription, 'engine' | 'precision' | 'reason'> {
  /** Patches that the cost was taken over. */
  patches: number
  /** The gradient is right where `normRatio` is not above this. */
  limit: number
  passed: boolean
}
