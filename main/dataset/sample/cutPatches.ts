import type { PixelImage } from '../image/pixelImage.ts'
import type { PatchPlan } from './planPatches.ts'

export interface SampledPatches {
  /** m × n, n = patchSize² · channels: pixels row by row, the channels of a pixel together. */
  patches: Float32Array
  /** m × 3: image index, x, y of each patch's upper left pixel. */
  positions: Int32Array
}

/**
 * Draws one image's positions, uniformly and with replacement, and copies its patches into their rows.
 * @param image of the planned size, or that size turned by 90°
 * @param sampled written
 */
export function cutPatches(plan: PatchPlan, index: number, image: PixelImage, sampled: SampledPatches): void {
  const { patchSize, random } = plan
  const { patches, positions } = sampled
  const rowLength = patchSize * image.channels
  const n = patchSize * rowLength
  for (const row of plan.rowsOf(index)) {
    const x = random.integer(image.width - patchSize + 1)
    const y = random.integer(image.height - patchSize + 1)
    positions.set([index, x, y], row * 3)
    for (let line = 0; line < patchSize; line++) {
      const from = ((y + line) * image.width + x) * image.channels
      patches.set(image.pixels.subarray(from, from + rowLength), row * n + line * rowLength)
    }
  }
}
