import { formatCount } from '../format/number.ts'

/** What the filters of a run look like. */
export interface FilterShape {
  /** n, values of a filter */
  visible: number
  channels: 1 | 3
  /** Pixels of a drawn filter. */
  width: number
  height: number
  /** True where the values are not a square patch: a filter is then a row of them, drawn as a strip. */
  isStrip: boolean
}

export function filterShape(run: {
  visible: number
  patchSize: number | null
  channels: 1 | 3
}): FilterShape {
  const { visible, patchSize, channels } = run
  if (patchSize !== null) return { visible, channels, width: patchSize, height: patchSize, isStrip: false }
  return {
    visible,
    channels: 1,
    width: visible,
    height: Math.max(2, Math.min(12, Math.round(visible / 6))),
    isStrip: true,
  }
}

/** How filters are drawn where that needs saying. */
export const stripCaption = (shape: FilterShape): string =>
  `not square patches: each filter is a strip of ${formatCount(shape.visible)} values`
