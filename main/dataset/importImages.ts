import { totalmem } from 'node:os'
import { basename, join } from 'node:path'
import type { ImportProgress, Sampling, SkippedFile } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { finishDraft, refuseTooMany } from './draftDataset.ts'
import { fileFault } from './image/fileFault.ts'
import { openImageReaders, type ImageReaders } from './image/imageReaders.ts'
import { refuseTooLarge } from './image/checkImage.ts'
import { openLargeImage, refuseSmall } from './image/openImage.ts'
import type { Reading } from './image/readImage.ts'
import { findCopies } from './findCopies.ts'
import { listImages, type ImageList } from './listImages.ts'
import type { ImageSize } from './sample/planPatches.ts'
import { samplePatches, type ImageSource, type WholeImage } from './sample/samplePatches.ts'
import { stopIfAborted } from './stopIfAborted.ts'

export interface ImportSettings {
  /** Name of the dataset; the folder's or file's own where left out. */
  name?: string
  sampling: Sampling
}

export interface ImportOptions {
  onProgress?: (progress: ImportProgress) => void
  signal?: AbortSignal
  /** That decode images; as many as there are cores where left out. The dataset is the same in any case. */
  threads?: number
}

/**
 * Samples patches from all images of a folder and its subfolders and normalises them. The same images, sampling and
 * seed give the same bytes, with any number of threads. A file that cannot be read is left out and named; few images
 * are in memory at a time.
 * @throws LabError badInput where there is no folder, no image, no readable image or no contrast; stopped when
 * aborted.
 */
export async function importImages(
  path: string,
  { name, sampling }: ImportSettings,
  { onProgress, signal, threads }: ImportOptions = {},
): Promise<DatasetDraft> {
  const visible = sampling.patchSize ** 2 * sampling.channels
  refuseTooMany(sampling.patches, visible)
  const list = await listImages(path, {
    signal,
    onFound: (found) => onProgress?.({ stage: 'listing', done: 0, total: found, skipped: 0 }),
  })
  if (list.files.length === 0) throw new LabError('badInput', nothingFound(path, list))

  const skipped = [...list.skipped]
  const skip = (file: string, error: unknown) => skipped.push({ file, reason: reasonOf(error, signal) })
  const stop = () => stopIfAborted(signal)
  const report = (stage: ImportProgress['stage'], done: number, total: number) => {
    onProgress?.({ stage, done, total, skipped: skipped.length })
    stopIfAborted(signal)
  }

  let passedOver = 0
  const readers = openImageReaders(list.files.length, threads)
  const sampled = await stopped(signal, async () => {
    const onMeasured = (done: number, total: number) => report('listing', done, total)
    const onPassedOver = (pages: number) => (passedOver += pages)
    const measured = await measureImages(readers, list, sampling, skip, onMeasured, onPassedOver)
    const sources = sampling.unique ? await withoutCopies(list.folder, measured, skip, stop) : measured
    return samplePatches(sources, sampling, {
      onRead: (done, total) => report('reading', done, total),
      onUnreadable: skip,
      ahead: {
        images: (sampling.minContrast === undefined ? filesAhead : 2) * readers.threads,
        pixels: totalmem() * aheadPixelsPerByte,
      },
    })
  }).finally(() => readers.close())
  if (sampled === null) throw new LabError('badInput', nothingReadable(path, list, skipped))

  report('normalising', 0, 1)
  const draft = finishDraft(
    {
      name: name ?? basename(list.folder),
      kind: 'images',
      origin: list.folder,
      patches: sampled.patches,
      m: sampling.patches,
      n: visible,
      patchSize: sampling.patchSize,
      channels: sampling.channels,
      normalisation: sampling.normalisation,
      seed: sampling.seed,
      skippedFiles: skipped.toSorted((a, b) => (a.file < b.file ? -1 : 1)),
      images: sampled.images,
      positions: sampled.positions,
      remarks: remarksOf(sampled.scaled, passedOver),
    },
    [0, 1],
  )
  return { ...draft, statistics: { ...draft.statistics, transparentImages: sampled.transparent } }
}

function remarksOf(scaled: number, passedOver: number): string[] {
  const remarks: string[] = []
  if (scaled > 0)
    remarks.push(
      `${scaled === 1 ? '1 image has' : `${scaled} images have`} values that are signed or not from 0 to 1: scaled, each from its least to its largest.`,
    )
  if (passedOver > 0)
    remarks.push(
      `${passedOver} further ${passedOver === 1 ? 'page was' : 'pages were'} left out; --pages all takes them.`,
    )
  return remarks
}

/** For each thread; those that are only cut take no memory while they wait. */
const filesAhead = 64
/** Four bytes a pixel make an eighth of the memory at most. */
const aheadPixelsPerByte = 1 / 32

/** An image and the file that it is in, relative to the folder. */
type FolderImage = ImageSource & { origin: string }

/** Sizes from headers; what cannot be an image is skipped here already. */
async function measureImages(
  readers: ImageReaders,
  { folder, files }: ImageList,
  sampling: Sampling,
  skip: (file: string, error: unknown) => void,
  onMeasured: (done: number, total: number) => void,
  onPassedOver: (pages: number) => void,
): Promise<FolderImage[]> {
  const sources: FolderImage[] = []
  const measured = files.map((file) => {
    const image = readers.measure(join(folder, file))
    // It is heard in its turn.
    image.catch(() => {})
    return image
  })
  for (const [index, file] of files.entries()) {
    const path = join(folder, file)
    try {
      const image = await measured[index]
      if (image.isLarge) {
        refuseSmall(image, sampling.patchSize)
        sources.push({ file, origin: file, ...(await openLargeImage(path, image, sampling.channels)) })
      } else {
        const pages = image.pages ?? [image]
        const taken = sampling.pages === 'all' ? pages : pages.slice(0, 1)
        if (taken.length < pages.length) onPassedOver(pages.length - taken.length)
        for (const [page, size] of taken.entries()) {
          const name = taken.length === 1 ? file : `${file}, page ${page + 1}`
          try {
            refuseSmall(size, sampling.patchSize)
            refuseTooLarge(size)
            const reading = { channels: sampling.channels, jpeg: sampling.jpeg, ...(image.pages && { page }) }
            const source = inThread(readers, path, size, sampling.patchSize, reading)
            sources.push({ file: name, origin: file, ...source })
          } catch (error) {
            skip(name, error)
          }
        }
      }
    } catch (error) {
      skip(file, error)
    }
    onMeasured(index + 1, files.length)
  }
  return sources
}

/** Does something until the signal is given: then at once, whatever it waits for. */
async function stopped<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (!signal) return work()
  let stop = () => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      try {
        stopIfAborted(signal)
      } catch (error) {
        reject(error as Error)
      }
    }
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Leaves out files with the bytes of an earlier one. */
async function withoutCopies(
  folder: string,
  sources: readonly FolderImage[],
  skip: (file: string, error: unknown) => void,
  onHashed: () => void,
): Promise<FolderImage[]> {
  const files = [...new Set(sources.map(({ origin }) => origin))]
  const copies = await findCopies(folder, files, onHashed)
  for (const [file, first] of copies) {
    skip(file, new LabError('badInput', `The same image as ${first}, counted once.`))
  }
  return sources.filter(({ origin }) => !copies.has(origin))
}

/** An image that threads decode. As its header says it is large enough, but the image itself may be another. */
function inThread(
  readers: ImageReaders,
  path: string,
  { width, height }: ImageSize,
  patchSize: number,
  reading: Reading,
): WholeImage {
  const largeEnough = <T extends ImageSize>(image: T): T => {
    refuseSmall(image, patchSize)
    return image
  }
  return {
    width,
    height,
    read: async () => largeEnough(await readers.read(path, width * height, reading)),
    cut: async (wanted) => largeEnough(await readers.cut(path, width * height, reading, wanted)),
  }
}

/** Why a file is left out; what is no fault of the file stops the import. */
function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  stopIfAborted(signal)
  const fault = fileFault(error)
  if (fault === null) throw error
  return fault
}

function nothingFound(path: string, { skipped }: ImageList): string {
  const [first] = skipped
  if (first === undefined)
    return `There are no images in ${path}. Choose a folder with PNG, JPEG, WebP, TIFF, BMP, GIF or PNM files.`
  return `There are no images in ${path} that can be read; ${first.file}: ${first.reason}`
}

function nothingReadable(path: string, { files }: ImageList, skipped: readonly SkippedFile[]): string {
  const [{ file, reason }] = skipped
  if (files.length === 1) return `${file} in ${path} cannot be read. ${reason}`
  return `None of the ${files.length} files in ${path} can be read as images; the first, ${file}: ${reason}`
}
