import { basename, join } from 'node:path'
import type { ImportProgress, Sampling, SkippedFile } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { finishDraft, refuseTooMany } from './draftDataset.ts'
import { openImage, refuseSmall } from './image/openImage.ts'
import { findCopies } from './findCopies.ts'
import { listImages, type ImageList } from './listImages.ts'
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
}

/**
 * Samples patches from all images of a folder and its subfolders and normalises them. The same images, sampling and
 * seed give the same bytes. A file that cannot be read is left out and named; one image is in memory at a time.
 * @throws LabError badInput where there is no folder, no image, no readable image or no contrast; stopped when
 * aborted.
 */
export async function importImages(
  path: string,
  { name, sampling }: ImportSettings,
  { onProgress, signal }: ImportOptions = {},
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

  const measured = await measureImages(list, sampling, skip, (done, total) => report('listing', done, total))
  const sources = sampling.unique ? await withoutCopies(list.folder, measured, skip, stop) : measured
  const sampled = await samplePatches(sources, sampling, {
    onRead: (done, total) => report('reading', done, total),
    onUnreadable: skip,
  })
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
    },
    [0, 1],
  )
  return { ...draft, statistics: { ...draft.statistics, transparentImages: sampled.transparent } }
}

/** Sizes from headers; what cannot be an image is skipped here already. */
async function measureImages(
  list: ImageList,
  { patchSize, channels }: Sampling,
  skip: (file: string, error: unknown) => void,
  onMeasured: (done: number, total: number) => void,
): Promise<ImageSource[]> {
  const sources: ImageSource[] = []
  for (const [index, file] of list.files.entries()) {
    const path = join(list.folder, file)
    try {
      const image = await openImage(path, channels)
      refuseSmall(image, patchSize)
      sources.push({ file, ...('readRows' in image ? image : notSmall(image, patchSize)) })
    } catch (error) {
      skip(file, error)
    }
    onMeasured(index + 1, list.files.length)
  }
  return sources
}

/** Leaves out files with the bytes of an earlier one. */
async function withoutCopies(
  folder: string,
  sources: readonly ImageSource[],
  skip: (file: string, error: unknown) => void,
  onHashed: () => void,
): Promise<ImageSource[]> {
  const files = sources.map(({ file }) => file)
  const copies = await findCopies(folder, files, onHashed)
  for (const [file, first] of copies) {
    skip(file, new LabError('badInput', `The same image as ${first}, counted once.`))
  }
  return sources.filter(({ file }) => !copies.has(file))
}

/** As the header says it is large enough, but the image itself may be another. */
const notSmall = (image: WholeImage, patchSize: number): WholeImage => ({
  ...image,
  async read() {
    const pixels = await image.read()
    refuseSmall(pixels, patchSize)
    return pixels
  },
})

/** Why a file is left out; what is no fault of the file stops the import. */
function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  stopIfAborted(signal)
  if (error instanceof LabError && error.code === 'badInput') return error.message
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === 'EACCES' || code === 'EPERM') return 'The file cannot be opened. Check its permissions.'
  if (code === 'ENOENT') return 'The file was removed while it was imported.'
  if (code === 'EIO') return 'The disk cannot read the file. Copy it again.'
  throw error
}

function nothingFound(path: string, { skipped }: ImageList): string {
  const [first] = skipped
  if (first === undefined)
    return `There are no images in ${path}. Choose a folder with PNG, JPEG, WebP, TIFF, BMP or GIF files.`
  return `There are no images in ${path} that can be read; ${first.file}: ${first.reason}`
}

function nothingReadable(path: string, { files }: ImageList, skipped: readonly SkippedFile[]): string {
  const [{ file, reason }] = skipped
  if (files.length === 1) return `${file} in ${path} cannot be read. ${reason}`
  return `None of the ${files.length} files in ${path} can be read as images; the first, ${file}: ${reason}`
}
