import { Transformer } from '@napi-rs/image'
import { LabError } from '#shared/domain/labError.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { inPixels, type Whitening } from '#shared/filters/pixelFilters.ts'
import { renderGrid, type Picture, type RenderOptions } from '#shared/filters/renderGrid.ts'

/** Side of a filter in a picture, about. */
const wantedCell = 56
const gap = 4
const pad = 8

/** Whole scale at which a filter is about as large as on the screen. */
export const pictureScale = (patchSize: number) => Math.max(1, Math.round(wantedCell / patchSize))

/**
 * The filters of a run as a picture: whole scale, zero and ground #808080.
 * @param W1 h × n row-major
 * @throws LabError badInput where the run's values are no square patches
 */
export function filterPicture(run: RunSummary, W1: Float32Array, options: RenderOptions = {}): Picture {
  const patchSize = squarePatch(run)
  const count = W1.length / run.visible
  return renderGrid(W1, count, patchSize, run.channels, {
    scale: pictureScale(patchSize),
    gap,
    pad,
    ...options,
  })
}

/**
 * The filters of a run as pictures whose names say what is drawn: `filters`, or over whitened patches `filters (pixels)`,
 * what they look for in pixels, and `filters (whitened)`, the weights as they are.
 * @param W1        h × n row-major
 * @param whitening of the run's dataset; null where its patches are not whitened
 * @throws LabError badInput where the run's values are no square patches
 */
export function namedFilterPictures(
  run: RunSummary,
  W1: Float32Array,
  whitening: Whitening | null,
): { name: string; picture: Picture }[] {
  const weights = filterPicture(run, W1)
  if (whitening === null) return [{ name: 'filters', picture: weights }]
  return [
    { name: 'filters (pixels)', picture: filterPicture(run, inPixels(W1, whitening)) },
    { name: 'filters (whitened)', picture: weights },
  ]
}

/** @throws LabError badInput */
export function squarePatch(run: RunSummary): number {
  if (run.patchSize !== null) return run.patchSize
  throw new LabError(
    'badInput',
    `Run ${run.id} learned rows of ${run.visible} values, which are no square patches; export its weights as npz instead.`,
  )
}

export async function formatPng({ rgba, width, height }: Picture): Promise<Uint8Array> {
  return Transformer.fromRgbaPixels(rgba, width, height).png()
}
