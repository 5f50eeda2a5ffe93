import { luma } from '../image/toPixels.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import type { ImageSize } from '../sample/planPatches.ts'
import type { StackLayout } from './arrayLayout.ts'
import { notFinite } from './matrixRows.ts'
import { countOf, numberedBlocks, saidName, type ReadArrayOptions, type StoredArray } from './storedArray.ts'

/** One of them, whose values may be none of a picture. */
interface StackedImage extends ImageSize {
  file: string
  read(): Promise<PixelImage>
  toDisplay?(image: PixelImage): PixelImage
}

/** Images that patches are sampled from. */
export interface ImageStack {
  kind: 'images'
  array: string | null
  sources: StackedImage[]
  /** Whether all values lie in [0, 1]. */
  isUnit: boolean
  remarks: string[]
  /** Class of each image; null where nothing says so. */
  labels: string[] | null
  /** Ends what holds the file. */
  close(): Promise<void>
}

/** Numbers that are kept in memory, 256 MB of them; larger stacks are read image after image. */
const mostKept = 2 ** 26

interface StackOptions extends ReadArrayOptions {
  /** What values are multiplied by. */
  scale: number
  /** Of the patches; grey by Rec. 601 luma. */
  channels: 1 | 3
  file: string
}

/**
 * The images of an array, read when they are asked for.
 * @throws LabError badInput where a value is not finite, or the order of a large array takes all of it to read one image
 */
export async function imageStack(
  array: StoredArray,
  layout: StackLayout,
  options: StackOptions,
): Promise<Pick<ImageStack, 'sources' | 'isUnit'>> {
  const { count, height, width, planes, steps } = layout
  const { scale, channels, file } = options
  const said = saidName(array, file)
  const total = countOf(array.shape)
  const area = height * width * planes
  // An image lies in one piece where its index is the slowest.
  const isApart = steps.image === area || count === 1
  const kept = total <= mostKept || !isApart ? new Float32Array(total) : null
  let min = Infinity
  let max = -Infinity
  for await (const { first, block } of numberedBlocks(array, options)) {
    for (let i = 0; i < block.length; i++) {
      const value = Math.fround(block[i] * scale)
      if (!Number.isFinite(value))
        throw notFinite(block[i], said, placeOf(array.shape, first + i, array.firstFastest))
      if (value < min) min = value
      if (value > max) max = value
      if (kept) kept[first + i] = value
    }
  }
  const isUnit = min >= 0 && max <= 1
  const cursor = kept === null ? imageCursor(array, area, scale) : null

  async function read(index: number): Promise<PixelImage> {
    const values = kept ?? (await cursor!(index))
    const start = kept === null ? 0 : index * steps.image
    const pixels = new Float32Array(height * width * channels)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const from = start + y * steps.y + x * steps.x
        const to = (y * width + x) * channels
        const red = values[from]
        if (planes === 1) pixels.fill(red, to, to + channels)
        else {
          const green = values[from + steps.plane]
          const blue = values[from + 2 * steps.plane]
          if (channels === 1) pixels[to] = luma.red * red + luma.green * green + luma.blue * blue
          else {
            pixels[to] = red
            pixels[to + 1] = green
            pixels[to + 2] = blue
          }
        }
      }
    }
    return { width, height, channels, pixels }
  }
  const toDisplay = (image: PixelImage): PixelImage => ({
    ...image,
    pixels: image.pixels.map((value) => (max > min ? (value - min) / (max - min) : 0.5)),
  })
  const sources = Array.from({ length: count }, (_, index) => ({
    file: subscript(array, layout, index),
    width,
    height,
    read: () => read(index),
    ...(!isUnit && { toDisplay }),
  }))
  return { sources, isUnit }
}

/** As its users would write it: X[3] in NumPy, IMAGES(:,:,4) in MATLAB. */
function subscript({ name, stackedBy }: StoredArray, { planes }: StackLayout, index: number): string {
  if (stackedBy === 'first') return `${name ?? ''}[${index}]`
  return `${name ?? ''}(${planes === 1 ? ':,:' : ':,:,:'},${index + 1})`
}

function placeOf(
  shape: readonly number[],
  at: number,
  firstFastest: boolean,
): { row: number; column: number } {
  const side = firstFastest ? shape[0] : (shape.at(-1) ?? 1)
  const [inner, outer] = [at % side, Math.floor(at / side)]
  return firstFastest ? { row: inner, column: outer } : { row: outer, column: inner }
}

/** Reads images one after the other, from the start again where an earlier one is asked for. */
function imageCursor(array: StoredArray, area: number, scale: number) {
  let blocks = array.blocks()
  let block: Float32Array | Float64Array = new Float32Array(0)
  let first = 0
  return async (index: number): Promise<Float32Array> => {
    const start = index * area
    if (start < first) {
      await blocks.return(undefined)
      blocks = array.blocks()
      block = new Float32Array(0)
      first = 0
    }
    const image = new Float32Array(area)
    for (let at = start; at < start + area;) {
      if (at >= first + block.length) {
        first += block.length
        const next = await blocks.next()
        if (next.done) throw new Error('the array has become shorter')
        block = next.value
        continue
      }
      const end = Math.min(start + area, first + block.length)
      for (; at < end; at++) image[at - start] = block[at - first] * scale
    }
    return image
  }
}
