import { basename } from 'node:path'
import type { ArrayChoice, ArrayEntry } from '#shared/domain/datasetSource.ts'
import { openFileSource } from '#main/export/byteSource.ts'
import { listZip, type ZipMember } from '#main/export/zip.ts'
import { refuseTooMany } from '../draftDataset.ts'
import { headerBytes, parseNpyHeader, peekNpyHeader } from '../npy/npyHeader.ts'
import { matrixShape } from '../npy/readNpy.ts'
import { floatsOf } from '../npy.ts'
import { refuseNotFinite, type PatchMatrix } from './arrayData.ts'
import { chooseArray } from './chooseArray.ts'

interface Npz {
  entries: ArrayEntry[]
  members: Map<string, ZipMember>
}

/** The arrays of a `.npz`; only directory and headers are read. @throws LabError badInput */
export function listNpz(path: string): Promise<ArrayEntry[]> {
  return withNpz(path, ({ entries }) => entries)
}

/**
 * Reads one matrix of patches from a `.npz`; nothing else in it is unpacked, and no object is ever opened.
 * @throws LabError badInput where it is no such archive, which array is meant is not clear, or it is no matrix of
 *   finite floats
 */
export function readNpz(path: string, { array }: ArrayChoice): Promise<PatchMatrix> {
  return withNpz(path, ({ entries, members }) => {
    const file = basename(path)
    const { name } = chooseArray(entries, array, file)
    const member = members.get(`${name}.npy`) as ZipMember
    const said = `${name} in ${file}`
    const start = member.peek()
    const header = parseNpyHeader(start.subarray(0, headerBytes(start, said)), member.sizeBytes, said)
    const [m, n] = matrixShape(header.shape, said)
    refuseTooMany(m, n)
    const given = floatsOf(member.read().subarray(header.dataOffset), header.dtype, header.bigEndian)
    const values = given instanceof Float32Array ? given : Float32Array.from(given)
    refuseNotFinite(values, given, 0, n, said)
    return { kind: 'patches', array: name, m, n, values }
  })
}

async function withNpz<T>(path: string, work: (npz: Npz) => T): Promise<T> {
  const source = openFileSource(path)
  try {
    const members = await listZip(source, basename(path))
    const entries = [...members].flatMap(([file, member]) => {
      const header = file.endsWith('.npy') ? peekNpyHeader(member.peek()) : null
      return header === null ? [] : [toEntry(file.slice(0, -'.npy'.length), header)]
    })
    return work({ entries, members })
  } finally {
    source.close()
  }
}

function toEntry(name: string, { shape, type }: { shape: number[]; type: string }): ArrayEntry {
  const isMatrix = shape.length === 2 && shape.every((length) => length > 0)
  return { name, shape, type, use: isMatrix && type.startsWith('float') ? 'patches' : null }
}
