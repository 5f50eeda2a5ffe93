import type { Random } from '#shared/random/random.ts'

/** What the surfaces of one image are made of. */
export interface Texture {
  /** Speckle at a pixel, in any direction alike; deviation about 1. */
  speckle(x: number, y: number): number
  /** Grain along one coordinate, in wavelengths: stripes of no fixed order, as of wood or grass; deviation about 1. */
  grain(position: number): number
}

const octaves = 5
const grainKnots = 4096
const knotsPerWavelength = 2

/** @param size speckle repeats after so many pixels; a power of two */
export function drawTexture(size: number, random: Random): Texture {
  const speckles = drawSpeckles(size, random)
  const knots = Float32Array.from({ length: grainKnots }, () => random.normal())
  return {
    speckle: (x, y) => speckles[(y % size) * size + (x % size)],
    grain(position) {
      const knot = position * knotsPerWavelength
      const left = Math.floor(knot)
      const share = smoothStep(knot - left)
      return knots[left & (grainKnots - 1)] * (1 - share) + knots[(left + 1) & (grainKnots - 1)] * share
    },
  }
}

/** From 0 to 1 with level ends. */
export const smoothStep = (share: number): number => share * share * (3 - 2 * share)

/** Noise of several octaves, each twice as coarse as the one before and as strong. */
function drawSpeckles(size: number, random: Random): Float32Array {
  const speckles = new Float32Array(size * size)
  for (let octave = 0; octave < octaves; octave++) {
    const cells = size >> octave
    const grid = Float32Array.from({ length: cells * cells }, () => random.normal())
    const step = 1 / (1 << octave)
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        speckles[y * size + x] += interpolate(grid, cells, x * step, y * step) / Math.sqrt(octaves)
      }
    }
  }
  return speckles
}

/** Bilinear, going on at the opposite border. */
function interpolate(grid: Float32Array, cells: number, x: number, y: number): number {
  const column = Math.floor(x)
  const row = Math.floor(y)
  const right = (column + 1) % cells
  const below = ((row + 1) % cells) * cells
  const across = x - column
  const top = grid[row * cells + column] * (1 - across) + grid[row * cells + right] * across
  const bottom = grid[below + column] * (1 - across) + grid[below + right] * across
  return top + (bottom - top) * (y - row)
}
