import type { Sampling } from '#shared/domain/dataset.ts'
import type { DraftImage } from '#shared/domain/datasetDraft.ts'
import type { PixelImage } from '../image/pixelImage.ts'
import { cutFromRows, type RowImage } from './cutFromRows.ts'
import { cutPatches, type SampledPatches } from './cutPatches.ts'
import { createThumbnail, drawThumbnail, thumbnailWidth } from './drawThumbnail.ts'
import { admissiblePositions, planPatches, type ImageSize, type PatchPlan } from './planPatches.ts'

/** An image that patches can be taken from: read at once, or row by row where it is too large for that. */
export type ImageSource = { file: string } & (WholeImage | RowImage)

export interface WholeImage extends ImageSize {
  read(): Promise<PixelImage>
  /** The image as a thumbnail shows it, in [0, 1]; itself where left out. */
  toDisplay?(image: PixelImage): PixelImage
}

export interface SampledImages extends SampledPatches {
  images: DraftImage[]
  /** How many of them are transparent somewhere. */
  transparent: number
}

export interface SampleOptions {
  /** Called after each image with the number done and the number planned so far, and now and then in large ones. */
  onRead?: (done: number, total: number) => void
  /** Called with an image that could not be read; it is left out. Rethrows what must stop everything. */
  onUnreadable: (file: string, error: unknown) => void
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
 * Takes m patches uniformly over the area of all readable images, with one image in memory at a time. Shares are
 * planned from headers; where an image then turns out unreadable, the patches are planned and taken anew, so that the
 * result is the same as if it had not been there.
 * @returns null where no image could be read
 */
export async function samplePatches(
  sources: readonly ImageSource[],
  sampling: Sampling,
  { onRead, onUnreadable }: SampleOptions,
): Promise<SampledImages | null> {
  const thumbnails = new Map<string, DraftImage['thumbnail']>()
  const transparent = new Set<string>()
  const width = thumbnailWidth(sources.length)
  let done = 0
  let total = sources.length

  /** @returns its true size */
  const cutWhole = async (
    plan: PatchPlan,
    index: number,
    source: WholeImage & { file: string },
    sampled: SampledPatches | null,
  ): Promise<ImageSize & { asPlanned: boolean }> => {
    const image = await source.read()
    const asPlanned =
      admissiblePositions(image, sampling.patchSize) === admissiblePositions(source, sampling.patchSize)
    if (asPlanned && sampled) cutPatches(plan, index, image, sampled)
    if (!thumbnails.has(source.file)) {
      thumbnails.set(source.file, drawThumbnail(source.toDisplay?.(image) ?? image, width))
      if (image.isTransparent) transparent.add(source.file)
    }
    return { width: image.width, height: image.height, asPlanned }
  }

  const cutLarge = async (
    plan: PatchPlan,
    index: number,
    source: RowImage & { file: string },
    sampled: SampledPatches,
  ): Promise<void> => {
    const thumbnail = createThumbnail(source, source.channels, width)
    let row = 0
    await cutFromRows(plan, index, source, sampled, (values) => {
      thumbnail.addRow(values)
      if (row++ % rowsPerReport === 0) onRead?.(done, total)
    })
    thumbnails.set(source.file, thumbnail.finish())
    if (source.isTransparent?.()) transparent.add(source.file)
  }

  const attempt = async (tried: readonly ImageSource[]): Promise<Attempt> => {
    const plan = planPatches(tried, sampling)
    const n = sampling.patchSize ** 2 * sampling.channels
    const sampled = {
      patches: new Float32Array(sampling.patches * n),
      positions: new Int32Array(sampling.patches * 3),
    }
    const readable: ImageSource[] = []
    let complete = true
    for (const [index, source] of tried.entries()) {
      if (plan.counts[index] === 0 && thumbnails.has(source.file)) {
        readable.push(source)
        continue
      }
      try {
        if ('readRows' in source) {
          // Minutes, for patches that will not stand; whether it can be read is seen in the next attempt.
          if (complete) await cutLarge(plan, index, source, sampled)
          readable.push(source)
        } else {
          const { asPlanned, ...size } = await cutWhole(plan, index, source, complete ? sampled : null)
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
      }
    }
    tried = readable
    total = done + tried.length
  }
  return null
}

function neverDrawn(file: string): never {
  throw new Error(`${file} has no thumbnail`)
}
