import { groundPicture } from '#shared/filters/renderGrid.ts'
import { largestMagnitude, scaleFilter } from '#shared/filters/scaleFilter.ts'
import type { Reconstructions } from '#shared/ipc/contract.ts'
import type { NamedColumns } from '../format/csv.ts'
import type { FilterShape } from './filterShape.ts'
import { drawShape, filterOf, putPicture } from './paintFilters.ts'
import { tilesToSvg, type Tile } from './tilesSvg.ts'

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

/** CSS pixels that a patch should be high, and the largest that one gets in a pane of its own. */
export const patchHeight = { strip: 36, pane: 96 }

/**
 * As many patches as fit a width, each at a whole scale.
 * @param wantedHeight  of a patch at most, in CSS pixels
 */
export function reconstructionLayout(
  shape: FilterShape,
  width: number,
  count: number,
  ratio: number,
  wantedHeight = patchHeight.strip,
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
function tilesOf(
  { count, patches, outputs }: Reconstructions,
  shape: FilterShape,
  layout: ReconstructionLayout,
): Tile[] {
  const { cellWidth, cellHeight, columnGap, rowGap } = layout
  const { centre, peak } = patchScale(patches, count)
  const fromCentre = (values: Float32Array) => values.map((value) => value - centre)
  return evenly(count, layout.shown).flatMap((k, place) => {
    const patch = filterOf(patches, shape, k)
    const output = filterOf(outputs, shape, k)
    const rows = [fromCentre(patch), fromCentre(output), output.map((value, i) => value - patch[i])]
    return rows.map((row, r) => ({
      levels: scaleFilter(row, peak),
      x: place * (cellWidth + columnGap),
      y: r * (cellHeight + rowGap),
    }))
  })
}

export function paintReconstructions(
  canvas: HTMLCanvasElement,
  reconstructions: Reconstructions,
  shape: FilterShape,
  layout: ReconstructionLayout,
): void {
  const picture = groundPicture(layout.width, layout.height)
  for (const { levels, x, y } of tilesOf(reconstructions, shape, layout))
    drawShape(picture, levels, shape, { x, y, scale: layout.scale })
  clearGaps(picture.rgba, layout)
  putPicture(canvas, picture, layout.ratio)
}

export const reconstructionsToSvg = (
  reconstructions: Reconstructions,
  shape: FilterShape,
  layout: ReconstructionLayout,
): string => tilesToSvg(layout, tilesOf(reconstructions, shape, layout), shape, layout.scale)

/** A row a value: of which patch, what it is and what the network makes of it. */
export function reconstructionNumbers({ count, patches, outputs }: Reconstructions): NamedColumns {
  const visible = patches.length / Math.max(1, count)
  return {
    head: ['patch', 'value', 'input', 'output'],
    columns: [
      Array.from(patches, (_, i) => Math.floor(i / visible) + 1),
      Array.from(patches, (_, i) => (i % visible) + 1),
      patches,
      outputs,
    ],
  }
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
