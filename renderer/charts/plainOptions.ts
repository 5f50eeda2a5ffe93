import type { Scale } from 'chart.js'
import type { ChartTheme } from './chart.ts'

export const chartFontSize = 11

/**
 * What all charts have in common: they stand still, fill their parent and leave the pointer to others (Chart.js would
 * redraw for its own hover states); their points come ready to draw.
 */
export const plainOptions = {
  animation: false,
  responsive: true,
  maintainAspectRatio: false,
  events: [] as [],
  parsing: false,
  normalized: true,
} as const

/** Room around the axes, in CSS pixels. */
export const chartPadding = (right = 4) => ({ padding: { top: 6, right, bottom: 0, left: 0 } })

/** How labels of an axis look; all that `placeTicks` names are drawn. */
export const plainTicks = (theme: ChartTheme) =>
  ({
    color: theme.colours['text-3'],
    font: { family: theme.font, size: chartFontSize },
    maxRotation: 0,
    autoSkip: false,
  }) as const

/** Labels an axis where it is told to. */
export const placeTicks =
  (values: (scale: Scale) => readonly number[]) =>
  (scale: Scale): void =>
    void (scale.ticks = values(scale).map((value) => ({ value })))

/** A fixed size, so that the plots of charts above each other begin at the same place and never move. */
export const fixedHeight =
  (height = 22) =>
  (scale: Scale): void =>
    void (scale.height = height)
export const fixedWidth =
  (width = 48) =>
  (scale: Scale): void =>
    void (scale.width = width)
