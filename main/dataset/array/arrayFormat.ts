import { basename, extname } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { arrayKinds } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import { matKind } from '#main/export/weights/matVariables.ts'
import { isSafetensors } from '#main/export/weights/safetensorsHeader.ts'
import { readStart } from '../readAt.ts'
import { isGzip } from './filePieces.ts'
import { otherFile } from './otherFile.ts'
import { cifarKind } from './openCifar.ts'
import { idxDimensions } from './openIdx.ts'
import { mat4Header } from './openMat.ts'
import { isOctaveText } from './openOctave.ts'
import { isText } from './textEncoding.ts'

/** What kind of array file it is. */
export type ArrayFormat =
  | { kind: 'npy' | 'npz' | 'mat5' | 'mat4' | 'octave' | 'hdf5' | 'safetensors' | 'idx' }
  | { kind: 'table' }
  | { kind: 'cifar'; variant: NonNullable<ReturnType<typeof cifarKind>> }

const firstBytes = 8192

const byExtension: Record<string, ArrayFormat['kind'] & ('npy' | 'npz' | 'mat5')> = {
  '.npy': 'npy',
  '.npz': 'npz',
  '.mat': 'mat5',
}

/**
 * What kind of array file it is: by its content first, else by its name, so that the reader can say what is wrong.
 * @throws LabError badInput where it cannot be opened or holds no array that is read: what it is, and what to do
 */
export async function arrayFormat(path: string): Promise<ArrayFormat> {
  const { start, sizeBytes } = await readStart(path, firstBytes)
  const name = basename(path)
  if (sizeBytes === 0) throw new LabError('badInput', `${name} is empty. Copy it again.`)
  const known = arrayFormatOf(start, sizeBytes)
  if (known) return known
  const other = await otherFile(path, start)
  if (other !== null) throw new LabError('badInput', `${name} ${other}`)
  if (start[0] === 0x50 && start[1] === 0x4b) return { kind: 'npz' }
  const named = byExtension[extname(path).toLowerCase()]
  const unpacked = isGzip(start) ? unpackStart(start, name) : start
  if (idxDimensions(unpacked) !== null) return { kind: 'idx' }
  if (isText(unpacked)) {
    if (isOctaveText(Buffer.from(unpacked.subarray(0, 256)).toString('latin1'))) return { kind: 'octave' }
    if (!named) return { kind: 'table' }
  }
  if (named) return { kind: named }
  throw new LabError('badInput', `${name} holds no array that is known. Give one of these: ${arrayKinds}.`)
}

/** As far as the first bytes alone say it for certain. */
export function arrayFormatOf(start: Uint8Array, sizeBytes: number): ArrayFormat | null {
  const text = Buffer.from(start.subarray(0, 256)).toString('latin1')
  if (text.startsWith('\x93NUMPY')) return { kind: 'npy' }
  if (text.startsWith(hdf5Magic) || matKind(start) === 'version 7.3') return { kind: 'hdf5' }
  if (Buffer.from(start.subarray(512, 520)).toString('latin1') === hdf5Magic) return { kind: 'hdf5' }
  if (matKind(start) === 'version 5') return { kind: 'mat5' }
  if (isSafetensors(start, sizeBytes)) return { kind: 'safetensors' }
  if (mat4Header(start) !== null) return { kind: 'mat4' }
  if (isOctaveText(text)) return { kind: 'octave' }
  const variant = cifarKind(start, sizeBytes)
  return variant ? { kind: 'cifar', variant } : null
}

const hdf5Magic = '\x89HDF\r\n\x1a\n'

function unpackStart(start: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (cause) {
    throw new LabError('badInput', `${name} is damaged: it cannot be unpacked. Copy it again.`, { cause })
  }
}
