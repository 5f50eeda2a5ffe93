import { shallowRef, watch } from 'vue'
import type { DatasetImage } from '#shared/domain/dataset.ts'
import type { TopPatch } from '#shared/domain/unit.ts'
import { call } from '../../ipc/call.ts'

/** An image that patches were cut from, ready to be drawn. */
export interface PatchImage {
  image: DatasetImage
  /** null where the dataset keeps no picture of it. */
  bitmap: ImageBitmap | null
}

/** At most so many are kept: a picture takes about a quarter of a megabyte. */
const mostKept = 200

/** The images in which patches lie, read once each. Where one cannot be read, the patches stand alone. */
export function usePatchImages(datasetId: () => number, patches: () => readonly TopPatch[]) {
  const images = shallowRef<ReadonlyMap<number, PatchImage>>(new Map())

  watch(
    [datasetId, patches] as const,
    async ([id, shown]) => {
      const wanted = new Set(shown.flatMap(({ position }) => (position === null ? [] : [position.image])))
      const missing = [...wanted].filter((index) => !images.value.has(index))
      if (missing.length === 0) return
      const read = await call('datasets.images', id, missing).catch(() => [])
      const drawn = await Promise.all(
        read.map(async (image) => [image.index, { image, bitmap: await bitmapOf(image) }] as const),
      )
      const known = [...images.value].filter(([index]) => wanted.has(index) || images.value.size < mostKept)
      images.value = new Map([...known, ...drawn])
    },
    { immediate: true },
  )

  /** The image of a patch; null where it has none, or before it has been read. */
  const imageOf = ({ position }: TopPatch): PatchImage | null =>
    position === null ? null : (images.value.get(position.image) ?? null)
  return { imageOf }
}

async function bitmapOf({ thumbnail }: DatasetImage): Promise<ImageBitmap | null> {
  if (thumbnail === null) return null
  const { width, height, rgba } = thumbnail
  return createImageBitmap(new ImageData(new Uint8ClampedArray(rgba), width, height))
}
