import { LabError } from '#shared/domain/labError.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import type { EngineShape, Patches } from './engine.ts'

/** @throws LabError shape where the patches are not m × n values */
export function checkPatches({ m, n }: EngineShape, patches: Patches): void {
  if (patches.length !== m * n) {
    throw new LabError(
      'shape',
      `The patches have ${patches.length} values; ${m} patches of ${n} pixels need ${m * n}.`,
    )
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
