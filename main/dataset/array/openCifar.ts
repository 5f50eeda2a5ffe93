import { basename, dirname, join } from 'node:path'
import { openRegularFile } from '#db/regularFile.ts'
import { readPieces, readStart } from '../readAt.ts'
import { numberTypes } from './numberTypes.ts'
import { blocksOf, countOf, type ArrayFile } from './storedArray.ts'

const side = 32
const pixels = 3 * side * side
const recordsAtOnce = 1024
const longestNames = 1 << 16

/** CIFAR-10 has a class before each image, CIFAR-100 two: the coarse and the fine one. */
const kinds = [
  { labelBytes: 1, classes: [10], names: 'batches.meta.txt' },
  { labelBytes: 2, classes: [20, 100], names: 'fine_label_names.txt' },
] as const
type Kind = (typeof kinds)[number]

/**
 * Which of the two a file is, by its length and its first records; null for any other.
 * @param start some of its first bytes
 * @see A. Krizhevsky, "CIFAR-10 and CIFAR-100 datasets", binary version
 */
export function cifarKind(start: Uint8Array, sizeBytes: number): Kind | null {
  if (sizeBytes === 0) return null
  return (
    kinds.find(({ labelBytes, classes }) => {
      const record = labelBytes + pixels
      if (sizeBytes % record !== 0) return false
      for (let at = 0; at + labelBytes <= start.length; at += record) {
        if (!classes.every((count, k) => start[at + k] < count)) return false
      }
      return true
    }) ?? null
  )
}

/** A binary batch of CIFAR-10 or CIFAR-100: 32 × 32 images in colours with their classes. */
export async function openCifar(
  path: string,
  kind: Kind,
): Promise<ArrayFile & { labels(): Promise<string[]> }> {
  const handle = await openRegularFile(path)
  const file = basename(path)
  const { size } = await handle.stat()
  const record = kind.labelBytes + pixels
  const shape = [size / record, 3, side, side]
  const records = () => readPieces(handle, 0, size, record * recordsAtOnce)

  async function* images(): AsyncGenerator<Uint8Array> {
    for await (const piece of records()) {
      const count = Math.floor(piece.length / record)
      const bytes = new Uint8Array(count * pixels)
      for (let k = 0; k < count; k++) {
        bytes.set(piece.subarray(k * record + kind.labelBytes, (k + 1) * record), k * pixels)
      }
      yield bytes
    }
  }
  async function labels(): Promise<string[]> {
    const text = await readStart(join(dirname(path), kind.names), longestNames).then(
      ({ start }) => new TextDecoder().decode(start),
      () => '',
    )
    const names = text.split(/\r?\n/).filter((line) => line !== '')
    const found: string[] = []
    for await (const piece of records()) {
      for (let at = kind.labelBytes - 1; at < piece.length; at += record)
        found.push(names[piece[at]] ?? String(piece[at]))
    }
    return found
  }
  const array = {
    name: null,
    shape,
    typeName: 'uint8',
    unfit: null,
    scale: numberTypes.uint8.scale,
    firstFastest: false,
    stackedBy: 'first' as const,
    isStackedSurely: true,
    blocks: () =>
      blocksOf(images(), { type: numberTypes.uint8, little: true, count: countOf(shape), name: file }),
  }
  return { arrays: [array], labels, close: () => handle.close() }
}
