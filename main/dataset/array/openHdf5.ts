import { basename } from 'node:path'
import type { Dataset, Group } from 'h5wasm/node'
import { openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { matClasses } from './matNumbers.ts'
import { decodeNumbers, numberTypes, type NumberType } from './numberTypes.ts'
import { countOf, type ArrayFile, type StoredArray } from './storedArray.ts'

// HDF5's own library, compiled to WebAssembly: whatever h5py, MATLAB (`-v7.3`), Octave (`-hdf5`) or Keras write is read
// by what they write it with, and read in pieces, however large it is.

const mostArrays = 4096
const deepest = 32
const blockBytes = 1 << 23
/** Chunks are unpacked whole, so blocks are made of whole ones where that does not take too much. */
const largestBlock = 1 << 28

/** As far as it is needed of what the library says of a dataset. */
interface Metadata {
  type: number
  signed: boolean
  littleEndian: boolean
  size: number
  shape: number[] | null
  chunks: number[] | null
  vlen: boolean
  enum_type?: { members: Record<string, number> }
  compound_type?: { members: { name: string }[] }
}

const classes = { integer: 0, float: 1, text: 3, compound: 6, enumeration: 8 } as const

/**
 * The arrays of an HDF5 file, listed from its groups; nothing of them is read yet.
 * @throws LabError badInput where it is damaged
 */
export async function openHdf5(path: string): Promise<ArrayFile> {
  const file = basename(path)
  // The library opens by name: what is no file is refused before.
  await (await openRegularFile(path)).close()
  const hdf5 = await import('h5wasm/node')
  const library = await hdf5.ready
  const { _malloc: allocate, _free: free } = library
  // Errors as exceptions: by default the library prints them, and gives back what was in memory before.
  library.activate_throwing_error_handler()
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      throw error instanceof LabError ? error : hdf5Error(error, file)
    }
  }
  const opened = guarded(() => {
    const opened = new hdf5.File(path, 'r')
    if (opened.file_id <= 0n) throw new Error('not opened')
    return opened
  })

  const arrays: StoredArray[] = []
  function visit(group: Group, prefix: string, depth: number): void {
    if (depth > deepest) return
    for (const key of group.keys()) {
      if (arrays.length >= mostArrays) {
        throw new LabError(
          'badInput',
          `${file} holds more than ${mostArrays} arrays. Save the one that is needed.`,
        )
      }
      // A link into another file is neither of the two below: none is followed.
      if (key === '#refs#') continue
      const item = group.get(key)
      if (item instanceof hdf5.Group) {
        const value = isOctave(item) ? item.get('value') : null
        if (value instanceof hdf5.Dataset) add(value, `${prefix}${key}`, true)
        else visit(item, `${prefix}${key}/`, depth + 1)
      } else if (item instanceof hdf5.Dataset) add(item, `${prefix}${key}`, false)
    }
  }
  function add(dataset: Dataset, name: string, isOctaves: boolean): void {
    const metadata = dataset.metadata as unknown as Metadata
    const matlabClass = textOf(dataset, 'MATLAB_class')
    const isTurned = isOctaves || matlabClass !== null
    const lengths = metadata.shape ?? []
    const isEmpty = 'MATLAB_empty' in dataset.attrs
    const type = typeOf(metadata)
    const isLogical = matlabClass === 'logical'
    const found = Object.values(matClasses).find((one) => one?.name === matlabClass)
    arrays.push({
      name,
      // MATLAB's first index is HDF5's last.
      shape: isEmpty ? [0, 0] : isTurned ? lengths.toReversed() : lengths,
      typeName: matlabClass ?? type?.name ?? otherName(metadata),
      unfit:
        metadata.compound_type !== undefined
          ? 'holds complex numbers or records. Save their real part.'
          : type === null || found?.isNumeric === false
            ? `is ${matlabClass ?? otherName(metadata)} that holds no plain numbers. Save it as float32.`
            : null,
      scale: isLogical || type === null ? 1 : type.scale,
      firstFastest: isTurned,
      stackedBy: isTurned ? 'last' : 'first',
      blocks: () => slabs(dataset, lengths, metadata, type ?? numberTypes.uint8, guarded),
    })
  }

  async function* slabs(
    { file_id: fileId, path: inside }: Dataset,
    shape: readonly number[],
    { littleEndian, chunks }: Metadata,
    type: NumberType,
    guard: typeof guarded,
  ) {
    const [rows = 1, ...rest] = shape
    const rowBytes = countOf(rest) * type.itemBytes
    const atOnce = Math.max(1, Math.floor(blockBytes / rowBytes))
    const whole = Math.ceil(atOnce / (chunks?.[0] ?? 1)) * (chunks?.[0] ?? 1)
    const step = whole * rowBytes <= largestBlock ? whole : atOnce
    for (let first = 0; first < rows; first += step) {
      const count = Math.min(step, rows - first)
      yield guard(() => {
        const bytes = count * rowBytes
        const pointer = allocate(bytes)
        if (!pointer) throw new Error('no memory')
        try {
          const lengths = [count, ...rest].slice(0, shape.length).map(BigInt)
          const offsets = [first, ...rest.map(() => 0)].slice(0, shape.length).map(BigInt)
          const steps = shape.map(() => 1n)
          library.get_dataset_data(fileId, inside, lengths, offsets, steps, BigInt(pointer))
          return decodeNumbers(library.HEAPU8.slice(pointer, pointer + bytes), type, littleEndian)
        } finally {
          free(pointer)
        }
      })
    }
  }

  try {
    guarded(() => visit(opened, '', 0))
  } catch (error) {
    opened.close()
    throw error
  }
  return { arrays, close: async () => void opened.close() }
}

/** Octave keeps a variable as a group of its type and its value. */
const isOctave = (group: Group): boolean => {
  const keys = group.keys()
  return keys.length <= 3 && keys.includes('type') && keys.includes('value')
}

function textOf(dataset: Dataset, attribute: string): string | null {
  const value = dataset.attrs[attribute]?.value
  return typeof value === 'string' ? value : null
}

function typeOf({ type, signed, size, vlen, enum_type: enumeration }: Metadata): NumberType | null {
  if (vlen) return null
  if (type === classes.float) {
    return { 2: numberTypes.float16, 4: numberTypes.float32, 8: numberTypes.float64 }[size] ?? null
  }
  if (type === classes.enumeration && size === 1 && enumeration && 'TRUE' in enumeration.members)
    return numberTypes.bool
  if (type !== classes.integer) return null
  const name = `${signed ? '' : 'u'}int${8 * size}`
  return Object.values(numberTypes).find((one) => one.name === name) ?? null
}

const otherName = ({ type }: Metadata): string =>
  type === classes.text ? 'text' : type === classes.compound ? 'records' : 'of another kind'

function hdf5Error(error: unknown, file: string): LabError {
  const text = error instanceof Error ? error.message : String(error)
  const filter = /required filter '?([\w ]+)'? is not registered/.exec(text)?.[1]
  const said = filter
    ? `is packed with ${filter}, which is not read. Save it with compression='gzip'.`
    : 'is damaged or no HDF5 file. Copy it again.'
  return new LabError('badInput', `${file} ${said}`, { cause: error })
}
