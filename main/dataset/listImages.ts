import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, relative } from 'node:path'
import { openRegularFile, otherKind } from '#db/regularFile.ts'
import type { SkippedFile } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'
import { stopIfAborted } from './stopIfAborted.ts'
import { magicSizeBytes, recogniseFormat } from './image/imageFormat.ts'

const maximumImages = 50_000

/**
 * Files that are plainly no images: passed over in silence, unless they hold an image under a false name; so are
 * files without an extension. Every other file is tried, and named if it cannot be read.
 */
const otherExtensions = new Set(
  (
    'aac aae accdb aif aifc aiff apk app avi bak bat bin bz2 c cache cfg class conf cpp crt cs css csv dat db db-shm ' +
    'db-wal dll doc docx eml exe flac flv gz h hpp htm html ics ini ipynb iso jar java js json jsonl key kt lnk lock ' +
    'log lua m m4a m4v map mat md mdb mid mjs mkv mov mp3 mp4 mpeg mpg msi npy npz numbers odp ods odt ogg onnx opus ' +
    'otf pages parquet pdf php pkl plist pps ppt pptx ps1 pt pth py pyc r rar rb rs rst rtf safetensors scss sh so sql ' +
    'sqlite sqlite-shm sqlite-wal sqlite3 srt swift tar tex tgz tmp toml torrent ts tsv ttf txt url vcf vtt wav webm wma wmv woff woff2 xls ' +
    'xlsx xml xmp xz yaml yml zip zst'
  ).split(' '),
)

export interface ImageList {
  /** Absolute path of the folder, links resolved. */
  folder: string
  /** Paths relative to it with forward slashes, sorted by code unit: the same on every machine. */
  files: string[]
  /** What was left out already: links that lead elsewhere, folders that cannot be opened, pipes, sockets, devices. */
  skipped: SkippedFile[]
}

export interface ListOptions {
  /** Called now and then with the number of images found so far. */
  onFound?: (found: number) => void
  signal?: AbortSignal
  /** A folder with more images is refused. */
  limit?: number
}

/**
 * Finds the images of a folder and its subfolders. Hidden files and folders are passed over; symbolic links are not
 * followed.
 * @throws LabError badInput where the folder is missing, is none, or holds too many images; stopped when aborted.
 */
export async function listImages(
  path: string,
  { onFound, signal, limit = maximumImages }: ListOptions = {},
): Promise<ImageList> {
  const folder = await resolveFolder(path)
  const files: string[] = []
  const skipped: SkippedFile[] = []
  const pending = ['']

  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    stopIfAborted(signal)
    const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => null)
    if (entries === null) {
      if (below === '')
        throw new LabError('badInput', `The folder ${path} cannot be opened. Check its permissions.`)
      skipped.push({ file: below, reason: 'The folder cannot be opened. Check its permissions.' })
      continue
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === '__MACOSX') continue
      const file = below === '' ? entry.name : `${below}/${entry.name}`
      if (await isOtherName(join(folder, file))) {
        skipped.push({ file, reason: 'Its name is not UTF-8, so it cannot be opened. Rename it.' })
        continue
      }
      if (entry.isDirectory()) pending.push(file)
      else if (entry.isSymbolicLink()) await skipLink(folder, file, skipped)
      else if (!entry.isFile()) skipped.push({ file, reason: `Not a file but ${otherKind(entry)}.` })
      else if (await isCandidate(join(folder, file))) files.push(file)
    }
    stopIfAborted(signal)
    if (files.length > limit) {
      throw new LabError(
        'badInput',
        `The folder ${path} holds more than ${limit} images. Import a smaller folder.`,
      )
    }
    onFound?.(files.length)
  }
  return {
    folder,
    files: files.toSorted(byCodeUnit),
    skipped: skipped.toSorted((a, b) => byCodeUnit(a.file, b.file)),
  }
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : Number(a > b))

async function resolveFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new LabError('badInput', `There is no folder ${path}. Check the path.`)
  if (!found.isDirectory())
    throw new LabError('badInput', `${path} is a file. Give the folder that holds the images.`)
  return realpath(path)
}

/** Node gives a name that is no UTF-8 with U+FFFD for what it cannot read, and finds nothing by it. */
async function isOtherName(path: string): Promise<boolean> {
  return path.includes('\uFFFD') && (await lstat(path).catch(() => null)) === null
}

/** A link to something inside the folder would only count it twice; one that leads out is named. */
async function skipLink(folder: string, file: string, skipped: SkippedFile[]): Promise<void> {
  const target = await realpath(join(folder, file)).catch(() => null)
  if (target === null) {
    skipped.push({ file, reason: 'The link leads nowhere. Remove it.' })
    return
  }
  const way = relative(folder, target)
  if (way.startsWith('..') || isAbsolute(way)) {
    skipped.push({ file, reason: 'The link leads out of the folder. Copy the file itself.' })
  }
}

async function isCandidate(path: string): Promise<boolean> {
  const extension = extname(path).slice(1).toLowerCase()
  const plainlyOther = extension === '' || otherExtensions.has(extension)
  return !plainlyOther || (await holdsReadableImage(path))
}

async function holdsReadableImage(path: string): Promise<boolean> {
  const handle = await openRegularFile(path).catch(() => null)
  if (handle === null) return false
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(magicSizeBytes), 0, magicSizeBytes, 0)
    return recogniseFormat(buffer.subarray(0, bytesRead))?.readable === true
  } catch {
    return false
  } finally {
    await handle.close()
  }
}
