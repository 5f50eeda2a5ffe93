import type { ChartTheme } from './chart.ts'
import type { Domain } from './domain.ts'
import type { AxisScale, XQuantity } from './xAxis.ts'

/** How curves over the course of training are looked at: the same for a run's page and a comparison. */
export interface CurveView {
  theme: ChartTheme
  xQuantity: XQuantity
  xScale: AxisScale
  /** Weight of the moving average, 0 for none. */
  smoothing: number
  /** The part of the x axis that is shown; null for all of it. */
  range: Domain | null
}
