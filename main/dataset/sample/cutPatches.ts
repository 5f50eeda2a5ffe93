import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { copyRun, type LazyImage, type PixelImage } from '../image/pixelImage.ts'
import { contrastOf } from '../statistics/patchContrast.ts'
import { drawThumbnail } from './drawThumbnail.ts'
import type { ImageSize, PatchPlan } from './planPatches.ts'

export interface SampledPatches {
  /** m × n, n = patchSize² · channels: pixels row by row, the channels of a pixel together. */
  patches: Float32Array
  /** m × 3: image index, x, y of each patch's upper left pixel. */
  positions: Int32Array
}

/** What is wanted of one image. */
export interface Cut {
  patchSize: number
  /** k × 2: x, y of each patch's upper left pixel. */
  places: Int32Array
  /** The size that the places are meant for: in an image of another size none is cut. */
  size: ImageSize
  /** As `drawThumbnail` takes it; null where none is needed. */
  thumbnailWidth: number | null
}

/** What there is of it. */
export interface CutImage extends ImageSize {
  /** k × n; null where the image is not of the size that was expected. */
  patches: Float32Array | null
  thumbnail: DraftImage['thumbnail'] | null
  isTransparent?: boolean
  /** As a lazy image says it. */
  isScaled?: boolean
}

/** @param displayed the image as a thumbnail shows it */
export function cutImage(
  image: PixelImage | LazyImage,
  { patchSize, places, size, thumbnailWidth }: Cut,
  displayed = image,
): CutImage {
  const { width, height, isTransparent } = image
  const isExpected = width === size.width && height === size.height
  return {
    width,
    height,
    patches: isExpected ? cutAt(image, places, patchSize) : null,
    thumbnail: thumbnailWidth === null ? null : drawThumbnail(displayed, thumbnailWidth),
    isTransparent,
    isScaled: 'isScaled' in image && image.isScaled,
  }
}

function cutAt(image: PixelImage | LazyImage, places: Int32Array, patchSize: number): Float32Array {
  const n = patchSize ** 2 * image.channels
  const count = places.length / 2
  const patches = new Float32Array(count * n)
  for (let k = 0; k < count; k++)
    copyPatch(image, places[2 * k], places[2 * k + 1], patchSize, patches, k * n)
  return patches
}

function copyPatch(
  image: PixelImage | LazyImage,
  x: number,
  y: number,
  patchSize: number,
  to: Float32Array,
  at: number,
): void {
  for (let line = 0; line < patchSize; line++) {
    copyRun(image, (y + line) * image.width + x, patchSize, to, at + line * patchSize * image.channels)
  }
}

/** Places looked at for each patch of an image, on average, before the image is given up for its lack of contrast. */
export const triesPerPatch = 100
/** But so many at least. */
const fewestTries = 1000

/**
 * Draws one image's positions, uniformly and with replacement, and copies its patches into their rows. A patch with
 * less contrast than the plan asks for is drawn again, from the same image.
 * @param image of the planned size, or that size turned by 90°
 * @param sampled written
 * @throws LabError badInput where hardly any place of the image has the contrast
 */
export function cutWithContrast(
  plan: PatchPlan,
  index: number,
  image: PixelImage | LazyImage,
  { patches, positions }: SampledPatches,
): void {
  const { patchSize, random, minContrast } = plan
  const n = patchSize ** 2 * image.channels
  const rows = plan.rowsOf(index)
  let triesLeft = Math.max(fewestTries, triesPerPatch * rows.length)
  for (const row of rows) {
    do {
      if (triesLeft-- === 0) throw tooFlat(minContrast)
      const x = random.integer(image.width - patchSize + 1)
      const y = random.integer(image.height - patchSize + 1)
      positions.set([index, x, y], row * 3)
      copyPatch(image, x, y, patchSize, patches, row * n)
    } while (contrastOf(patches, row * n, n) < minContrast)
  }
}

export const tooFlat = (minContrast: number) =>
  new LabError(
    'badInput',
    `Too flat: fewer than 1 in ${triesPerPatch} of its patches has a contrast of ${minContrast}. Ask for less contrast.`,
  )
