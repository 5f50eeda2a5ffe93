import { groundPicture } from '#shared/filters/renderGrid.ts'
import { largestMagnitude, scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { Reconstructions } from '#shared/ipc/contract.ts'
import type { FilterShape } from './filterShape.ts'
import { drawShape, filterOf, putPicture } from './paintFilters.ts'

/** Three rows of patches; device pixels. */
export interface ReconstructionLayout {
  shown: number
  scale: number
  cellWidth: number
  cellHeight: number
  columnGap: number
  rowGap: number
  width: number
  height: number
  ratio: number
}

/** CSS pixels that a patch should be high. */
const wantedHeight = 36

/** As many patches as fit a width, each at a whole scale near the wanted height. */
export function reconstructionLayout(
  shape: FilterShape,
  width: number,
  count: number,
  ratio: number,
): ReconstructionLayout {
  const largest = shape.isStrip ? Math.max(1, Math.floor((120 * ratio) / shape.width)) : Infinity
  const scale = Math.max(1, Math.min(largest, Math.floor((wantedHeight * ratio) / shape.height)))
  const cellWidth = shape.width * scale
  const cellHeight = shape.height * scale
  const columnGap = Math.round(8 * ratio)
  const rowGap = Math.round(4 * ratio)
  const shown = Math.max(0, Math.min(count, Math.floor((width + columnGap) / (cellWidth + columnGap))))
  return {
    shown,
    scale,
    cellWidth,
    cellHeight,
    columnGap,
    rowGap,
    width: Math.max(1, shown * (cellWidth + columnGap) - columnGap),
    height: 3 * cellHeight + 2 * rowGap,
    ratio,
  }
}

/** Which of `count` patches to show in `shown` places: from the best to the worst, evenly. */
export function evenly(count: number, shown: number): number[] {
  if (shown <= 1) return shown === 1 ? [count - 1] : []
  return Array.from({ length: shown }, (_, i) => Math.round((i * (count - 1)) / (shown - 1)))
}

/** The middle of the patches' values, and a distance from it that all but the strongest patches keep. */
function patchScale(patches: Float32Array, count: number): { centre: number; peak: number } {
  const centre = patches.reduce((sum, value) => sum + value, 0) / patches.length
  const visible = patches.length / count
  const peaks = Array.from({ length: count }, (_, k) =>
    largestMagnitude(patches.subarray(k * visible, (k + 1) * visible).map((value) => value - centre)),
  ).sort((a, b) => a - b)
  return { centre, peak: peaks[Math.floor(0.75 * (count - 1))] }
}

/**
 * Patches, outputs and differences, all at one scale: that of the patches, with no difference at grey. What is an
 * error here is one in the cost too; a scale for each patch would make much of errors in patches that are nearly flat.
 */
export function paintReconstructions(
  canvas: HTMLCanvasElement,
  { count, patches, outputs }: Reconstructions,
  shape: FilterShape,
  layout: ReconstructionLayout,
): void {
  const { cellWidth, cellHeight, columnGap, rowGap, scale } = layout
  const picture = groundPicture(layout.width, layout.height)
  const { centre, peak } = patchScale(patches, count)
  evenly(count, layout.shown).forEach((k, place) => {
    const patch = filterOf(patches, shape, k)
    const output = filterOf(outputs, shape, k)
    const fromCentre = (values: Float32Array) => values.map((value) => value - centre)
    const rows = [fromCentre(patch), fromCentre(output), output.map((value, i) => value - patch[i])]
    rows.forEach((row, r) => {
      drawShape(picture, scaleFilter(row, peak), shape, {
        x: place * (cellWidth + columnGap),
        y: r * (cellHeight + rowGap),
        scale,
      })
    })
  })
  clearGaps(picture.rgba, layout)
  putPicture(canvas, picture, layout.ratio)
}

/** Between patches the pane shows through: they are separate pictures, not one grid. */
function clearGaps(rgba: Uint8ClampedArray, layout: ReconstructionLayout): void {
  const { width, height, cellWidth, cellHeight, columnGap, rowGap } = layout
  for (let y = 0; y < height; y++) {
    const betweenRows = y % (cellHeight + rowGap) >= cellHeight
    for (let x = 0; x < width; x++) {
      if (betweenRows || x % (cellWidth + columnGap) >= cellWidth) rgba[(y * width + x) * 4 + 3] = 0
    }
  }
}
