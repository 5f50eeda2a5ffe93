import type { Random } from '#shared/random/random.ts'
import { drawShape, type LeafShape } from './leafShape.ts'

/** Density of radii ∝ r⁻³ between these, in pixels: the same statistics at every scale. */
export const smallestRadius = 32
const largestRadius = 220

/** Width of outlines in pixels: of most, and at most of those out of focus. */
const sharpEdge = 2.5
const widestEdge = 7
const blurredShare = 0.3

const brightnessDeviation = 0.2
const hueDeviation = 0.1
/** Of the change from centre to outline. */
const gradientDeviation = 0.12
const strongestSpeckle = 0.05

/** Stripes: on how many leaves, how strong at most, and how many pixels from one to the next. */
const grainedShare = 0.4
const strongestGrain = 0.35
const finestGrain = 4
const coarsestGrain = 12

/** One opaque shape somewhere in an image. */
export interface Leaf extends LeafShape {
  x: number
  y: number
  areaPixels: number
  /** Width of the outline, from nothing to full cover. */
  edge: number
  /** Value in the middle, one per channel, and its slope per pixel. */
  colour: readonly number[]
  slopeX: number
  slopeY: number
  /** Amplitude, and where in the image's speckle the leaf was cut out. */
  speckle: number
  speckleX: number
  speckleY: number
  /** Amplitude, and wavelengths per pixel. */
  grain: number
  grainX: number
  grainY: number
}

/**
 * @param size of the image, a square
 * @param smallest radius
 */
export function drawLeaf(size: number, channels: 1 | 3, smallest: number, random: Random): Leaf {
  const radius = drawRadius(smallest, random)
  const shape = drawShape(radius, random)
  // Leaves from beyond the border reach in, or the border would differ from the middle.
  const span = size + 2 * shape.reach
  const blurred = random.uniform() < blurredShare
  const brightness = 0.5 + brightnessDeviation * random.normal()
  const [slopeX, slopeY] = direction((gradientDeviation * random.normal()) / radius, random)
  const wavelength = finestGrain * (coarsestGrain / finestGrain) ** random.uniform()
  const [grainX, grainY] = direction(1 / wavelength, random)
  return {
    ...shape,
    x: random.uniform() * span - shape.reach,
    y: random.uniform() * span - shape.reach,
    areaPixels: Math.PI * radius * radius,
    edge: blurred ? sharpEdge + (widestEdge - sharpEdge) * random.uniform() : sharpEdge,
    colour: Array.from({ length: channels }, () =>
      channels === 1 ? brightness : brightness + hueDeviation * random.normal(),
    ),
    slopeX,
    slopeY,
    speckle: strongestSpeckle * random.uniform() ** 2,
    speckleX: random.integer(size),
    speckleY: random.integer(size),
    grain: random.uniform() < grainedShare ? strongestGrain * random.uniform() ** 2 : 0,
    grainX,
    grainY,
  }
}

/** Inverse of the distribution function of density ∝ r⁻³. */
function drawRadius(smallest: number, random: Random): number {
  const small = smallest ** -2
  const large = largestRadius ** -2
  return (small - random.uniform() * (small - large)) ** -0.5
}

function direction(length: number, random: Random): [x: number, y: number] {
  const angle = random.uniform() * Math.PI * 2
  return [length * Math.cos(angle), length * Math.sin(angle)]
}
