import { faded } from './chart.ts'
import type { Curve } from './lineChart.ts'
import { smooth } from './smooth.ts'

export interface CurveToSmooth {
  xs: Float64Array
  ys: Float64Array
  /** `#rrggbb` */
  colour: string
  width: number
  dash?: readonly number[]
}

/** Curves, smoothed where that is wanted, with what they were faint behind all of them. */
export function smoothedCurves(curves: readonly CurveToSmooth[], smoothing: number): Curve[] {
  if (smoothing === 0) return [...curves]
  return [
    ...curves.map((curve) => ({ ...curve, ys: smooth(curve.ys, smoothing) })),
    ...curves.map(({ xs, ys, colour }) => ({ xs, ys, colour: faded(colour, 0.28), width: 1 })),
  ]
}
