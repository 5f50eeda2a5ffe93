import { LabError } from '#shared/domain/labError.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import type { EngineShape, Examples } from './engine.ts'

/** @throws LabError shape where inputs or targets are not m × n values, or targets come unforeseen */
export function checkExamples(
  { m, n, hasTargets = false }: EngineShape,
  { inputs, targets }: Examples,
): void {
  for (const patches of [inputs, targets]) {
    if (patches.length === m * n) continue
    throw new LabError(
      'shape',
      `The patches have ${patches.length} values; ${m} patches of ${n} pixels need ${m * n}.`,
    )
  }
  if (inputs !== targets && !hasTargets) {
    throw new LabError('shape', 'This engine was prepared for patches that are their own targets.')
  }
}

/** @throws LabError shape where theta or the gradient do not have a value for each parameter */
export function checkTheta(shape: EngineShape, theta: Float64Array, gradient: Float64Array): void {
  const { length } = thetaLayout(shape)
  if (theta.length !== length || gradient.length !== length) {
    throw new LabError(
      'shape',
      `Theta has ${theta.length} and the gradient ${gradient.length} values; this network needs ${length} of each.`,
    )
  }
}
