// The steps of shared/model/optimiserSteps.ts as loops in float64: written by node scripts/printStepLoops.ts.

/** Changes theta and both moments; `correction1` and `correction2` are those of this step. */
export function adamLoop(
  {
    first,
    second,
    theta,
    gradient,
  }: Readonly<Record<'first' | 'second' | 'theta' | 'gradient', Float64Array>>,
  rate: number,
  epsilon: number,
  correction1: number,
  correction2: number,
): void {
  for (let i = 0; i < theta.length; i++) {
    const firstNext = 0.9 * first[i] + 0.09999999999999998 * gradient[i]
    first[i] = firstNext
    const secondNext = 0.999 * second[i] + 0.0010000000000000009 * gradient[i] * gradient[i]
    second[i] = secondNext
    theta[i] = theta[i] - (rate * (firstNext / correction1)) / (Math.sqrt(secondNext / correction2) + epsilon)
  }
}

/** Changes theta and the velocity. */
export function sgdLoop(
  { velocity, theta, gradient }: Readonly<Record<'velocity' | 'theta' | 'gradient', Float64Array>>,
  rate: number,
  momentum: number,
): void {
  for (let i = 0; i < theta.length; i++) {
    const velocityNext = momentum * velocity[i] + gradient[i]
    velocity[i] = velocityNext
    theta[i] = theta[i] - rate * velocityNext
  }
}
