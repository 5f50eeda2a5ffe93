import { luma } from '../image/toPixels.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import type { ImageStack } from './arrayData.ts'

interface StackedArray {
  name: string
  /** height × width × (3 ×) count, column-major */
  values: Float32Array
  height: number
  width: number
  isColour: boolean
}

/** Images of a column-major array, each turned to rows when it is read; grey by Rec. 601 luma. */
export function imageStack(
  { name, values, height, width, isColour }: StackedArray,
  channels: 1 | 3,
): ImageStack {
  const area = height * width
  const planes = isColour ? 3 : 1
  const count = values.length / (area * planes)
  const [min, max] = extent(values)
  const isUnit = min >= 0 && max <= 1

  const read = (index: number): PixelImage => {
    const start = index * area * planes
    const pixels = new Float32Array(area * channels)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = start + x * height + y
        const to = (y * width + x) * channels
        const [red, green, blue] = isColour
          ? [values[from], values[from + area], values[from + 2 * area]]
          : [values[from], values[from], values[from]]
        if (channels === 3) pixels.set([red, green, blue], to)
        else pixels[to] = isColour ? luma.red * red + luma.green * green + luma.blue * blue : red
      }
    }
    return { width, height, channels, pixels }
  }
  const toDisplay = (image: PixelImage): PixelImage => ({
    ...image,
    pixels: image.pixels.map((value) => (max > min ? (value - min) / (max - min) : 0.5)),
  })
  const subscripts = isColour ? ':,:,:' : ':,:'
  const sources = Array.from({ length: count }, (_, index) => ({
    file: `${name}(${subscripts},${index + 1})`,
    width,
    height,
    read: () => Promise.resolve(read(index)),
    ...(!isUnit && { toDisplay }),
  }))
  return { kind: 'images', array: name, sources, isUnit }
}

function extent(values: Float32Array): [min: number, max: number] {
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    if (values[i] < min) min = values[i]
    if (values[i] > max) max = values[i]
  }
  return [min, max]
}
