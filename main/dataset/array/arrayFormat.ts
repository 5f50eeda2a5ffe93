import { basename, extname } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { cannotOpen, openRegularFile } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { matKind } from '#main/export/weights/matVariables.ts'
import { recogniseFormat } from '../image/imageFormat.ts'
import { readAt } from '../readAt.ts'
import { idxDimensions } from './idxHeader.ts'

export type ArrayFormat = 'npy' | 'npz' | 'mat' | 'idx' | 'csv'

const firstBytes = 4096

const byExtension: Record<string, ArrayFormat> = { '.npy': 'npy', '.npz': 'npz', '.mat': 'mat' }

/**
 * What kind of array file it is: by its content first, else by its name, so that the reader can say what is wrong.
 * @throws LabError badInput where it cannot be opened or holds no array that is read
 */
export async function arrayFormat(path: string): Promise<ArrayFormat> {
  const start = await readStart(path)
  const name = basename(path)
  const format = formatOf(start) ?? byExtension[extname(path).toLowerCase()]
  if (format) return format
  if (start.length === 0) throw new LabError('badInput', `${name} is empty. Copy it again.`)
  const unpacked = isGzip(start) ? unpackStart(start, name) : start
  if (idxDimensions(unpacked) !== null) return 'idx'
  if (recogniseFormat(start) !== null) {
    throw new LabError('badInput', `${name} is an image. Give the folder that holds the images.`)
  }
  if (isText(unpacked)) return 'csv'
  const pickled = start[0] === 0x80 && start[1] >= 2 && start[1] <= 5
  throw new LabError(
    'badInput',
    pickled
      ? `${name} holds pickled Python objects, which are not opened. Save the array with numpy.save.`
      : `${name} holds no array that is known. Give a .npy, .npz, .mat, IDX or CSV file.`,
  )
}

function formatOf(start: Uint8Array): ArrayFormat | null {
  const text = Buffer.from(start.subarray(0, 8)).toString('latin1')
  if (text.startsWith('\x93NUMPY')) return 'npy'
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'npz'
  if (matKind(start) !== null || text === '\x89HDF\r\n\x1a\n') return 'mat'
  return null
}

export const isGzip = (start: Uint8Array): boolean => start[0] === 0x1f && start[1] === 0x8b

function unpackStart(start: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (cause) {
    throw new LabError('badInput', `${name} is damaged: it cannot be unpacked. Copy it again.`, { cause })
  }
}

/** No control characters but white space: numbers and their separators, a header, a remark. */
const isText = (bytes: Uint8Array): boolean =>
  bytes.length > 0 && bytes.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13))

async function readStart(path: string): Promise<Uint8Array> {
  const handle = await openRegularFile(path).catch(cannotOpen(path))
  try {
    return await readAt(handle, 0, firstBytes)
  } finally {
    await handle.close()
  }
}
