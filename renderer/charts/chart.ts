import {
  BarController,
  BarElement,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
} from 'chart.js'
import zoomPlugin from 'chartjs-plugin-zoom'
import type { Domain } from './domain.ts'

// Only what is drawn here, so that the rest of the library stays out of the bundle.
Chart.register(
  BarController,
  BarElement,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
)

export { zoomPlugin }

export { Chart }

/** Colours of a chart, by the names of the theme's tokens. */
export interface ChartColours {
  bg: string
  text: string
  'text-2': string
  'text-3': string
  'line-2': string
  grid: string
  accent: string
  'series-1': string
  'series-2': string
  'series-3': string
  'series-4': string
  'series-5': string
  'series-6': string
  'series-7': string
  'series-8': string
}

/** What every chart is drawn with. */
export interface ChartTheme {
  colours: ChartColours
  /** Family of labels, as CSS writes it. */
  font: string
  /** Family of mathematical symbols. */
  mathFont: string
}

/** A drawn chart; whoever drew it keeps it up to date and puts it away. */
export interface ChartHandle<Options> {
  update(options: Options): void
  /** Moves the vertical cursor to a value of the x axis; null takes it away. */
  moveCursor(x: number | null): void
  /** Narrower (factor below 1) or wider about its middle, or moved by a share of what is shown. */
  zoomBy?(change: { factor?: number; move?: number }): void
  destroy(): void
}

/** What the pointer does over a chart, in values of the x axis. */
export interface ChartPointer {
  /** null when the pointer leaves the plot. */
  hover(x: number | null): void
  pick(x: number): void
  /** A part of the x axis is to be shown; null for all of it. A chart without this does not zoom. */
  zoom?(range: Domain | null): void
}

/** A draw function: binds a canvas until the handle is destroyed. */
export type Draw<Options> = (
  canvas: HTMLCanvasElement,
  options: Options,
  pointer?: ChartPointer,
) => ChartHandle<Options>

/** `#rrggbb` with an opacity, for bands and bars. */
export const faded = (colour: string, opacity: number): string =>
  `${colour}${Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0')}`
