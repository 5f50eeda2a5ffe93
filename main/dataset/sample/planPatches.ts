import type { Sampling } from '#shared/domain/dataset.ts'
import { shuffle, type Random } from '#shared/random/random.ts'
import { createStream } from '#shared/random/stream.ts'
import { allotPatches } from './allotPatches.ts'

export interface ImageSize {
  width: number
  height: number
}

/** Which patches come from which image, decided from the images' sizes alone. */
export interface PatchPlan {
  patchSize: number
  /** Patches of each image. */
  counts: Uint32Array
  /** Rows of the patch matrix that belong to an image. */
  rowsOf(image: number): Uint32Array
  /** Standard deviation that a patch must have at least; 0 takes any. */
  minContrast: number
  /** Where the positions inside the images come from; images take from it in their order. */
  random: Random
}

export type PlannedSampling = Pick<Sampling, 'patchSize' | 'patches' | 'seed' | 'streams' | 'minContrast'>

/** Places that a patch can take. */
export const admissiblePositions = ({ width, height }: ImageSize, patchSize: number): number =>
  Math.max(0, width - patchSize + 1) * Math.max(0, height - patchSize + 1)

/**
 * Draws where all patches are cut, image after image, uniformly and with replacement: for a plan without a least
 * contrast, where that depends on sizes alone.
 * @param positions m × 3: image index, x, y; written
 */
export function drawPositions(
  { counts, patchSize, random, rowsOf }: PatchPlan,
  sizes: readonly ImageSize[],
  positions: Int32Array,
): void {
  for (const [index, { width, height }] of sizes.entries()) {
    if (counts[index] === 0) continue
    for (const row of rowsOf(index)) {
      positions[row * 3] = index
      positions[row * 3 + 1] = random.integer(width - patchSize + 1)
      positions[row * 3 + 2] = random.integer(height - patchSize + 1)
    }
  }
}

/**
 * Shares out m patches over images in proportion to the places that a patch can take in each, and gives each patch
 * its row. Rows are in random order, so that the first rows are a fair sample of all images.
 * @param sizes images in their order, each at least one patch wide and high
 */
export function planPatches(
  sizes: readonly ImageSize[],
  { patchSize, patches, minContrast = 0, ...seed }: PlannedSampling,
): PatchPlan {
  const random = createStream(seed, 'sampling')
  const weights = sizes.map((size) => admissiblePositions(size, patchSize))
  const counts = allotPatches(weights, patches, random)
  const rows = Uint32Array.from({ length: patches }, (_, row) => row)
  shuffle(rows, random)
  const starts = new Uint32Array(sizes.length + 1)
  for (let image = 0; image < sizes.length; image++) starts[image + 1] = starts[image] + counts[image]
  return {
    patchSize,
    counts,
    random,
    minContrast,
    rowsOf: (image) => rows.subarray(starts[image], starts[image + 1]),
  }
}
