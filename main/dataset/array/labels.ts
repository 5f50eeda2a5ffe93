import { access } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { LabError } from '#shared/domain/labError.ts'
import { headerBytes, peekNpyHeader } from '../npy/npyHeader.ts'
import { readStart } from '../readAt.ts'
import { arrayFormat } from './arrayFormat.ts'
import { withArrays } from './openArrays.ts'
import { countOf, type ArrayFile, type StoredArray } from './storedArray.ts'
import { decodeText, isText } from './textEncoding.ts'
import { cellsOf, separatorOf, unquoted } from './textLines.ts'

/** Labels that were found, a name for each row or image. */
export interface FoundLabels {
  names: string[]
  /** Where they were found, where nobody asked; a sentence. */
  remark: string | null
}

const largestBytes = 2 ** 28

/**
 * The class of each row or image: from the file that was asked for ("none" for none), else from what lies beside: the
 * file's own classes, another array of the same file, or a file that is named as labels of this one are.
 * @param count  rows or images
 * @throws LabError badInput where the file that was asked for holds no labels, or not as many
 */
export async function findLabels({
  path,
  file,
  array,
  asked,
  count,
}: {
  path: string
  file: (ArrayFile & { labels?(): Promise<string[]> }) | null
  array: StoredArray | null
  asked: string | undefined
  count: number
}): Promise<FoundLabels | null> {
  if (asked === 'none') return null
  if (asked !== undefined) {
    const names = await readLabels(asked)
    if (names.length === count) return { names, remark: null }
    throw new LabError(
      'badInput',
      `${basename(asked)} holds ${names.length} labels for ${count} patches or images. Give the labels of this file.`,
    )
  }
  if (file?.labels)
    return {
      names: await file.labels(),
      remark: 'Its classes were taken as labels; --labels none leaves them out.',
    }
  const sibling = array?.name ? siblingOf(file?.arrays ?? [], array.name, count) : null
  if (sibling) {
    const names = await namesOf(sibling, basename(path)).catch(() => null)
    if (names) return { names, remark: `${sibling.name} was taken as labels; --labels none leaves them out.` }
  }
  for (const name of labelNamesOf(basename(path))) {
    const beside = join(dirname(path), name)
    if (
      name === basename(path) ||
      !(await access(beside).then(
        () => true,
        () => false,
      ))
    )
      continue
    const names = await readLabels(beside).catch(() => null)
    if (names?.length === count) {
      return { names, remark: `Labels were taken from ${name} beside it; --labels none leaves them out.` }
    }
  }
  return null
}

/** Names that the labels of images, or of X, usually go by. */
function labelNamesOf(name: string): string[] {
  const plain = name.replace(/images?/i, 'labels').replace(/idx\d/, 'idx1')
  const y = name.replace(/^x(?=$|[._\d-])/i, (x) => (x === 'x' ? 'y' : 'Y'))
  return [plain, plain.replace(/\.gz$/, ''), `${plain}.gz`, y, y.toLowerCase(), y.replace(/^Y/, 'y')].filter(
    (one, i, all) => one !== name && all.indexOf(one) === i,
  )
}

const plainNames = ['labels', 'label', 'y', 'Y', 'targets', 'target', 'classes']

/** A vector of as many numbers as there are patches that is named as labels are. */
function siblingOf(arrays: readonly StoredArray[], name: string, count: number): StoredArray | null {
  const wanted = [...labelNamesOf(name), ...plainNames]
  const found = wanted.map((one) => arrays.find((array) => array.name === one && isVector(array, count)))
  return found.find((array) => array !== undefined) ?? null
}

const isVector = ({ shape, unfit }: StoredArray, count: number): boolean =>
  unfit === null && countOf(shape) === count && shape.filter((length) => length !== 1).length <= 1

/**
 * Labels from a file: a vector of whole numbers (IDX, `.npy`, the only one of a `.npz`, `.mat`, HDF5), a `.npy` of
 * text, or a text of one name a line.
 * @throws LabError badInput
 */
export async function readLabels(path: string): Promise<string[]> {
  const file = basename(path)
  const start = (await readStart(path, 4096)).start
  if (peekNpyHeader(start)?.type.match(/^[US]\d+$/))
    return readTextNpy((await readStart(path, largestBytes)).start, file)
  const format = await arrayFormat(path)
  if (format.kind === 'table') return readNames((await readStart(path, largestBytes)).start, file)
  return withArrays(path, format, ({ arrays }) => {
    const vectors = arrays.filter(
      (array) => isVector(array, countOf(array.shape)) && countOf(array.shape) > 1,
    )
    if (vectors.length === 1) return namesOf(vectors[0], file)
    const problem =
      vectors.length === 0 ? 'holds no labels' : 'holds more than one vector that could be labels'
    throw new LabError('badInput', `${file} ${problem}. Save one class number for each patch.`)
  })
}

async function namesOf(array: StoredArray, file: string): Promise<string[]> {
  const names: string[] = []
  for await (const block of array.blocks()) {
    for (const value of block) {
      if (!Number.isInteger(value)) {
        throw new LabError(
          'badInput',
          `${array.name ?? file} holds ${value}, which is no class. Give whole numbers as labels.`,
        )
      }
      names.push(String(value))
    }
  }
  return names
}

/** One name a line; a first line of "label" or the like names the column. */
function readNames(bytes: Uint8Array, file: string): string[] {
  const lines = decodeText(bytes).split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  const names = lines.map(unquoted)
  if (names.length > 1 && /^(labels?|class(es)?|targets?|category|species|y)$/i.test(names[0])) names.shift()
  const empty = names.indexOf('')
  if (empty >= 0)
    throw new LabError('badInput', `${file} has no label in line ${empty + 1}. Write one name a line.`)
  return names
}

/** NumPy's arrays of text: UTF-32 or bytes, each padded with zeros. */
function readTextNpy(bytes: Uint8Array, file: string): string[] {
  const { shape, type } = peekNpyHeader(bytes)!
  const start = headerBytes(bytes, file)
  const width = Number(type.slice(1))
  const isWide = type.startsWith('U')
  const itemBytes = width * (isWide ? 4 : 1)
  const count = countOf(shape)
  if (start + count * itemBytes > bytes.length)
    throw new LabError('badInput', `${file} ends early. Copy it again.`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: count }, (_, k) => {
    let text = ''
    for (let i = 0; i < width; i++) {
      const at = start + k * itemBytes + i * (isWide ? 4 : 1)
      const code = isWide ? view.getUint32(at, true) : bytes[at]
      if (code !== 0 && code <= 0x10ffff) text += String.fromCodePoint(code)
    }
    return text
  })
}

/** A table of two columns, file and label; null for anything else. @throws LabError badInput where it cannot be read */
export async function readLabelTable(path: string): Promise<Map<string, string> | null> {
  const bytes = (await readStart(path, largestBytes)).start
  if (!isText(bytes.subarray(0, 8192))) return null
  const text = decodeText(bytes)
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const separator = lines.length === 0 ? null : separatorOf(lines[0])
  if (separator === null) return null
  const rows = lines.map((line) => cellsOf(line, separator))
  return rows.every((row) => row.length === 2) ? new Map(rows as [string, string][]) : null
}
