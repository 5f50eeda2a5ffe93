import { LabError } from '#shared/domain/labError.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import { contrastOf } from '../statistics/patchContrast.ts'
import type { PatchPlan } from './planPatches.ts'

export interface SampledPatches {
  /** m × n, n = patchSize² · channels: pixels row by row, the channels of a pixel together. */
  patches: Float32Array
  /** m × 3: image index, x, y of each patch's upper left pixel. */
  positions: Int32Array
}

/** Places looked at for each patch of an image, on average, before the image is given up for its lack of contrast. */
export const triesPerPatch = 100
/** But so many at least. */
const fewestTries = 1000

/**
 * Draws one image's positions, uniformly and with replacement, and copies its patches into their rows. Where the plan
 * asks for contrast, a patch with less is drawn again, from the same image.
 * @param image of the planned size, or that size turned by 90°
 * @param sampled written
 * @throws LabError badInput where hardly any place of the image has the contrast
 */
export function cutPatches(plan: PatchPlan, index: number, image: PixelImage, sampled: SampledPatches): void {
  const { patchSize, random, minContrast } = plan
  const { patches, positions } = sampled
  const rowLength = patchSize * image.channels
  const n = patchSize * rowLength
  const rows = plan.rowsOf(index)
  let triesLeft = Math.max(fewestTries, triesPerPatch * rows.length)
  for (const row of rows) {
    do {
      if (triesLeft-- === 0) throw tooFlat(minContrast)
      const x = random.integer(image.width - patchSize + 1)
      const y = random.integer(image.height - patchSize + 1)
      positions.set([index, x, y], row * 3)
      for (let line = 0; line < patchSize; line++) {
        const from = ((y + line) * image.width + x) * image.channels
        patches.set(image.pixels.subarray(from, from + rowLength), row * n + line * rowLength)
      }
    } while (minContrast > 0 && contrastOf(patches, row * n, n) < minContrast)
  }
}

export const tooFlat = (minContrast: number) =>
  new LabError(
    'badInput',
    `Too flat: fewer than 1 in ${triesPerPatch} of its patches has a contrast of ${minContrast}. Ask for less contrast.`,
  )
