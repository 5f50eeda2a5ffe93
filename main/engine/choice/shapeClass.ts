import type { Optimiser } from '#shared/domain/runConfig.ts'
import type { EngineShape } from '../engine.ts'

/**
 * Shapes that are alike enough to share a choice: sizes to the nearest power of two, and whether all patches are
 * computed at once or a batch at a time.
 */
export function shapeClass({ m, n, h, batch }: EngineShape, optimiser: Optimiser): string {
  const [work, rows] = optimiser === 'lbfgs' ? ['gradient', m] : ['step', batch]
  return `${work} ${nearestPower(rows)} × ${nearestPower(n)} → ${nearestPower(h)}`
}

const nearestPower = (value: number): number => 2 ** Math.round(Math.log2(value))
