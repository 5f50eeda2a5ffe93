import type { Sampling } from '#shared/domain/dataset.ts'
import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import type { LazyImage, PixelImage } from '../image/pixelImage.ts'
import { cutFromRows, type RowImage } from './cutFromRows.ts'
import { cutImage, cutWithContrast, type Cut, type CutImage, type SampledPatches } from './cutPatches.ts'
import { createThumbnail, thumbnailWidth } from './drawThumbnail.ts'
import {
  admissiblePositions,
  drawPositions,
  planPatches,
  type ImageSize,
  type PatchPlan,
} from './planPatches.ts'

/** An image that patches can be taken from: read at once, or row by row where it is too large for that. */
export type ImageSource = { file: string } & (WholeImage | RowImage)

export interface WholeImage extends ImageSize {
  read(): Promise<PixelImage | LazyImage>
  /** The image as a thumbnail shows it, in [0, 1]; itself where left out. */
  toDisplay?(image: PixelImage): PixelImage
  /** As `cutImage` of what is read, where that is better done elsewhere. */
  cut?(wanted: Cut): Promise<CutImage>
}

export interface SampledImages extends SampledPatches {
  images: DraftImage[]
  /** How many of them are transparent somewhere. */
  transparent: number
  /** How many were scaled from a range of their own. */
  scaled: number
}

/** What is asked for before its turn. */
export interface Ahead {
  images: number
  /** Of all these together, but for one. */
  pixels: number
}

export interface SampleOptions {
  /** Called after each image with the number done and the number planned so far, and now and then in large ones. */
  onRead?: (done: number, total: number) => void
  /** Called with an image that could not be read; it is left out. Rethrows what must stop everything. */
  onUnreadable: (file: string, error: unknown) => void
  /** Nothing where left out: one image is in memory at a time. Patches are the same in any case. */
  ahead?: Ahead
}

interface Attempt extends SampledPatches {
  counts: Uint32Array
  /** The sources that turned out readable, with their true sizes. */
  readable: ImageSource[]
  /** All were as their headers promised, so that the patches stand. */
  complete: boolean
}

const rowsPerReport = 64

/**
 * Takes m patches uniformly over the area of all readable images. Shares are planned from headers; where an image then
 * turns out unreadable, the patches are planned and taken anew, so that the result is the same as if it had not been
 * there.
 * @returns null where no image could be read
 */
export async function samplePatches(
  sources: readonly ImageSource[],
  sampling: Sampling,
  { onRead, onUnreadable, ahead = { images: 0, pixels: 0 } }: SampleOptions,
): Promise<SampledImages | null> {
  const { patchSize } = sampling
  const n = patchSize ** 2 * sampling.channels
  const thumbnails = new Map<string, DraftImage['thumbnail']>()
  const transparent = new Set<string>()
  const scaled = new Set<string>()
  const width = thumbnailWidth(sources.length)
  let done = 0
  let total = sources.length

  const isNeeded = (plan: PatchPlan, index: number, { file }: ImageSource) =>
    plan.counts[index] > 0 || !thumbnails.has(file)

  const keep = (file: string, { thumbnail, isTransparent, isScaled }: CutImage) => {
    if (thumbnail === null) return
    thumbnails.set(file, thumbnail)
    if (isTransparent) transparent.add(file)
    if (isScaled) scaled.add(file)
  }

  /**
   * Starts with one image of a plan.
   * @param stands whether all before it were as planned
   * @returns what puts its patches into their rows, and its true size
   */
  const begin = (
    plan: PatchPlan,
    index: number,
    source: WholeImage & { file: string },
    sampled: SampledPatches,
    stands: () => boolean,
  ): (() => Promise<ImageSize & { asPlanned: boolean }>) => {
    const rows = plan.rowsOf(index)
    const wanted: Cut = {
      patchSize,
      places: new Int32Array(0),
      size: { width: source.width, height: source.height },
      thumbnailWidth: thumbnails.has(source.file) ? null : width,
    }
    if (plan.minContrast > 0) {
      const read = source.read()
      read.catch(ignore)
      return async () => {
        const image = await read
        const asPlanned = admissiblePositions(image, patchSize) === admissiblePositions(source, patchSize)
        if (asPlanned && stands()) cutWithContrast(plan, index, image, sampled)
        keep(source.file, cutImage(image, wanted, displayed(source, image)))
        return { width: image.width, height: image.height, asPlanned }
      }
    }
    wanted.places = Int32Array.from({ length: 2 * rows.length }, (_, k) => {
      return sampled.positions[rows[k >> 1] * 3 + 1 + (k & 1)]
    })
    const cut = source.cut?.(wanted) ?? cutHere(source, wanted)
    cut.catch(ignore)
    return async () => {
      const image = await cut
      const { patches } = image
      for (const [k, row] of rows.entries()) {
        if (patches) sampled.patches.set(patches.subarray(k * n, (k + 1) * n), row * n)
      }
      keep(source.file, image)
      return { width: image.width, height: image.height, asPlanned: patches !== null }
    }
  }

  const cutLarge = async (
    plan: PatchPlan,
    index: number,
    source: RowImage & { file: string },
    sampled: SampledPatches,
  ): Promise<void> => {
    const drawing = createThumbnail(source, source.channels, width)
    let row = 0
    await cutFromRows(plan, index, source, sampled, (values) => {
      drawing.addRow(values)
      if (row++ % rowsPerReport === 0) onRead?.(done, total)
    })
    const isTransparent = source.isTransparent?.()
    keep(source.file, { ...source, patches: null, thumbnail: drawing.finish(), isTransparent })
  }

  const attempt = async (tried: readonly ImageSource[]): Promise<Attempt> => {
    const plan = planPatches(tried, sampling)
    const sampled = {
      patches: new Float32Array(sampling.patches * n),
      positions: new Int32Array(sampling.patches * 3),
    }
    if (plan.minContrast === 0) drawPositions(plan, tried, sampled.positions)
    const readable: ImageSource[] = []
    let complete = true
    const whole = Array.from(tried.keys()).filter(
      (index) => !('readRows' in tried[index]) && isNeeded(plan, index, tried[index]),
    )
    const begun = inTurn(whole, tried, ahead, (index) =>
      begin(plan, index, tried[index] as WholeImage & { file: string }, sampled, () => complete),
    )
    for (const [index, source] of tried.entries()) {
      if (!isNeeded(plan, index, source)) {
        readable.push(source)
        continue
      }
      try {
        if ('readRows' in source) {
          // Minutes, for patches that will not stand; whether it can be read is seen in the next attempt.
          if (complete) await cutLarge(plan, index, source, sampled)
          readable.push(source)
        } else {
          const { asPlanned, ...size } = await begun.next().value!()
          complete &&= asPlanned
          readable.push({ ...source, ...size })
        }
      } catch (error) {
        onUnreadable(source.file, error)
        complete = false
      }
      done += 1
      onRead?.(done, total)
    }
    return { ...sampled, counts: plan.counts, readable, complete }
  }

  let tried: readonly ImageSource[] = sources
  while (tried.length > 0) {
    const { patches, positions, counts, readable, complete } = await attempt(tried)
    if (complete) {
      const images = readable.map((source, index) => ({
        file: source.file,
        width: source.width,
        height: source.height,
        patches: counts[index],
        thumbnail: thumbnails.get(source.file) ?? neverDrawn(source.file),
      }))
      return {
        patches,
        positions,
        images,
        transparent: images.filter(({ file }) => transparent.has(file)).length,
        scaled: images.filter(({ file }) => scaled.has(file)).length,
      }
    }
    tried = readable
    total = done + tried.length
  }
  return null
}

/** Goes through images in their order and begins with some before their turn. */
function* inTurn<T>(
  indices: readonly number[],
  sizes: readonly ImageSize[],
  ahead: Ahead,
  begin: (index: number) => T,
): Generator<T, undefined> {
  const waiting: { begun: T; pixels: number }[] = []
  let next = 0
  let pixels = 0
  const isRoom = () => waiting.length === 0 || (waiting.length <= ahead.images && pixels < ahead.pixels)
  while (next < indices.length || waiting.length > 0) {
    while (next < indices.length && isRoom()) {
      const index = indices[next++]
      const own = sizes[index].width * sizes[index].height
      waiting.push({ begun: begin(index), pixels: own })
      pixels += own
    }
    const first = waiting.shift()!
    pixels -= first.pixels
    yield first.begun
  }
}

/** What fails before its turn is heard in its turn. */
const ignore = () => {}

async function cutHere(source: WholeImage, wanted: Cut): Promise<CutImage> {
  const image = await source.read()
  return cutImage(image, wanted, displayed(source, image))
}

/** What is shown of an image whose values are none of a picture. */
const displayed = ({ toDisplay }: WholeImage, image: PixelImage | LazyImage) =>
  toDisplay && 'pixels' in image ? toDisplay(image) : image

function neverDrawn(file: string): never {
  throw new Error(`${file} has no thumbnail`)
}
