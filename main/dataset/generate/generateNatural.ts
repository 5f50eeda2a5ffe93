import { createStream, type Seed } from '#shared/random/stream.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import type { ImageSize } from '../sample/planPatches.ts'
import { deadLeavesSize, drawDeadLeaves } from './deadLeaves.ts'

/** Images that patches are sampled from. */
export const naturalImages = 10

export interface NaturalOptions {
  count?: number
  /** Radius in pixels. */
  smallestLeaf?: number
}

export interface GeneratedImage extends ImageSize {
  file: string
  read(): Promise<PixelImage>
}

/**
 * Images with the statistics of natural ones, each drawn when it is read. The first images are the same whatever
 * the count.
 */
export function generateNatural(
  seed: Seed,
  channels: 1 | 3,
  { count = naturalImages, smallestLeaf }: NaturalOptions = {},
): GeneratedImage[] {
  const seeds = createStream(seed, 'images')
  const digits = Math.max(2, String(count).length)
  return Array.from({ length: count }, (_, index) => {
    const own = { ...seed, seed: seeds.integer(0x7fffffff) }
    return {
      file: `natural-${String(index + 1).padStart(digits, '0')}.png`,
      width: deadLeavesSize,
      height: deadLeavesSize,
      read: async () => drawDeadLeaves(channels, createStream(own, 'image'), smallestLeaf),
    }
  })
}
