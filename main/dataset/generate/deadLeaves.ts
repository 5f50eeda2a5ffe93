import type { Random } from '#shared/random/random.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import { drawLeaf, smallestRadius, type Leaf } from './leaf.ts'
import { drawTexture, smoothStep, type Texture } from './texture.ts'

/** Width and height of a generated image, in pixels. */
export const deadLeavesSize = 512

/** Leaves are laid down until their areas add up to so many times the image: hardly a pixel stays bare. */
const layers = 9

/**
 * An image of dead leaves: shapes of power-law size at random places, each hiding what lies below. Occlusion gives
 * edges at every orientation, as in photographs; grey level, gradient, speckle, grain and blur differ from leaf to
 * leaf. Values are rounded to 8 bits, as a file would hold them.
 * @param smallestLeaf radius in pixels
 * @see Lee, Mumford and Huang, Occlusion models for natural images, IJCV 41, 2001
 */
export function drawDeadLeaves(channels: 1 | 3, random: Random, smallestLeaf = smallestRadius): PixelImage {
  const size = deadLeavesSize
  const pixels = new Float32Array(size * size * channels).fill(0.5)
  const texture = drawTexture(size, random)
  for (let area = 0; area < layers * size * size;) {
    const leaf = drawLeaf(size, channels, smallestLeaf, random)
    layLeaf(leaf, texture, pixels, channels)
    area += leaf.areaPixels
  }
  for (let i = 0; i < pixels.length; i++) pixels[i] = toEightBits(pixels[i])
  return { width: size, height: size, channels, pixels }
}

const toEightBits = (value: number) => Math.round(Math.max(0, Math.min(1, value)) * 255) / 255

function layLeaf(leaf: Leaf, texture: Texture, pixels: Float32Array, channels: 1 | 3): void {
  const size = deadLeavesSize
  const margin = leaf.reach + leaf.edge / 2
  const top = Math.max(0, Math.floor(leaf.y - margin))
  const bottom = Math.min(size - 1, Math.ceil(leaf.y + margin))
  const left = Math.max(0, Math.floor(leaf.x - margin))
  const right = Math.min(size - 1, Math.ceil(leaf.x + margin))
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const cover = leaf.depth(x - leaf.x, y - leaf.y) / leaf.edge + 0.5
      if (cover <= 0) continue
      const alpha = smoothStep(Math.min(1, cover))
      const shade = shadeAt(leaf, texture, x, y)
      const at = (y * size + x) * channels
      for (let channel = 0; channel < channels; channel++) {
        pixels[at + channel] += alpha * (leaf.colour[channel] + shade - pixels[at + channel])
      }
    }
  }
}

/** What gradient, speckle and grain add to the leaf's colour. */
function shadeAt(leaf: Leaf, texture: Texture, x: number, y: number): number {
  const right = x - leaf.x
  const down = y - leaf.y
  const grain = leaf.grain === 0 ? 0 : leaf.grain * texture.grain(right * leaf.grainX + down * leaf.grainY)
  const speckle = leaf.speckle * texture.speckle(x + leaf.speckleX, y + leaf.speckleY)
  return right * leaf.slopeX + down * leaf.slopeY + grain + speckle
}
