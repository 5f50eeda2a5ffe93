import type { Chart } from 'chart.js'
import type { ZoomPluginOptions } from 'chartjs-plugin-zoom/types/options'
import { type ChartTheme, faded } from './chart.ts'
import type { Domain } from './domain.ts'
import type { Axis } from './lineChart.ts'
import { dragThreshold } from './pointer.ts'

const isApple = /Mac/.test(navigator.userAgent)

/** Dragging marks the part to show, the wheel with Ctrl or Cmd zooms, dragging with Shift moves along. */
export function zoomOptions(
  axis: Axis,
  { colours }: ChartTheme,
  zoom: ((range: Domain | null) => void) | undefined,
): ZoomPluginOptions {
  const isEnabled = zoom !== undefined
  const tell = ({ chart }: { chart: Chart }) => {
    const { min, max } = chart.scales.x
    zoom?.(isWhole(axis, { min, max }) ? null : { min, max })
  }
  return {
    limits: { x: { min: axis.min, max: axis.max } },
    zoom: {
      mode: 'x',
      drag: {
        enabled: isEnabled,
        threshold: dragThreshold,
        backgroundColor: faded(colours.accent, 0.14),
        borderColor: colours.accent,
        borderWidth: 1,
      },
      wheel: { enabled: isEnabled, modifierKey: isApple ? 'meta' : 'ctrl' },
      onZoom: tell,
    },
    pan: { enabled: isEnabled, mode: 'x', modifierKey: 'shift', onPan: tell },
  }
}

/** Whether a part of an axis is all of it, but for rounding. */
const isWhole = (axis: Axis, { min, max }: Domain): boolean => {
  const slack = 1e-6 * (axis.max - axis.min)
  return min <= axis.min + slack && max >= axis.max - slack
}
