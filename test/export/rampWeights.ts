import type { Weights } from '#shared/domain/run.ts'

/** Values that float32 holds exactly. */
export const ramp = (length: number, first = 0) => Float32Array.from({ length }, (_, i) => first + i / 8)

/** h hidden units on n pixels, no two arrays alike. */
export const weightsOf = (h: number, n: number): Weights => ({
  visible: n,
  hidden: h,
  W1: ramp(h * n),
  W2: ramp(n * h, -5),
  b1: ramp(h, 100),
  b2: ramp(n, 200),
})
