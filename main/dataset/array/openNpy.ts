import type { FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { cannotOpen, openRegularFile } from '#db/regularFile.ts'
import { openFileSource } from '#main/export/byteSource.ts'
import { listZip } from '#main/export/zip.ts'
import { headerBytes, parseNpyHeader, peekNpyHeader, preambleBytes } from '../npy/npyHeader.ts'
import { readAt, readPieces } from '../readAt.ts'
import { numberTypes } from './numberTypes.ts'
import { blocksOf, countOf, type ArrayFile, type StoredArray } from './storedArray.ts'

const pieceBytes = 1 << 23

/**
 * A `.npy` as NumPy's save writes it: real numbers of any type, either byte order, either order in memory.
 * @throws LabError badInput where it is none, is damaged, or its size is not what its header says
 */
export async function openNpy(path: string): Promise<ArrayFile> {
  const handle = await openRegularFile(path).catch(cannotOpen(path))
  try {
    const name = basename(path)
    const { size } = await handle.stat()
    const start = await readAt(handle, 0, preambleBytes)
    const header = parseNpyHeader(await readAt(handle, 0, headerBytes(start, name)), size, name)
    const pieces = () => readPieces(handle as FileHandle, header.dataOffset, Infinity, pieceBytes)
    return { arrays: [stored(null, header, name, pieces)], close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * A `.npz`: directory and headers are read, nothing else is unpacked; no object is ever opened.
 * @throws LabError badInput
 */
export async function openNpz(path: string): Promise<ArrayFile> {
  const source = openFileSource(path)
  try {
    const file = basename(path)
    const members = await listZip(source, file)
    const arrays = [...members].flatMap(([memberName, member]): StoredArray[] => {
      if (!memberName.endsWith('.npy')) return []
      const start = member.peek()
      const seen = peekNpyHeader(start)
      if (seen === null) return []
      const name = memberName.slice(0, -'.npy'.length)
      const said = `${name} in ${file}`
      try {
        const header = parseNpyHeader(start.subarray(0, headerBytes(start, said)), member.sizeBytes, said)
        return [stored(name, header, said, () => skipped(member.pieces(), header.dataOffset))]
      } catch (error) {
        // Said when it is asked for: another array of the file may be whole.
        return [{ ...unread(name, seen), unfit: withoutName(error, said) }]
      }
    })
    return { arrays, close: async () => source.close() }
  } catch (error) {
    source.close()
    throw error
  }
}

type Header = ReturnType<typeof parseNpyHeader>

function stored(
  name: string | null,
  { shape, type, little, firstFastest }: Header,
  said: string,
  pieces: () => AsyncIterable<Uint8Array>,
): StoredArray {
  return {
    name,
    shape,
    typeName: type.name,
    unfit: null,
    scale: type.scale,
    firstFastest,
    stackedBy: 'first',
    blocks: () => blocksOf(pieces(), { type, little, count: countOf(shape), name: said }),
  }
}

const unread = (name: string, { shape, type }: { shape: number[]; type: string }): StoredArray => ({
  name,
  shape,
  typeName: type,
  unfit: null,
  scale: 1,
  firstFastest: false,
  stackedBy: 'first',
  blocks: () => blocksOf([], { type: numberTypes.uint8, little: true, count: 0, name }),
})

function withoutName(error: unknown, said: string): string {
  const { message } = error as Error
  return message.startsWith(`${said} `) ? message.slice(said.length + 1) : message
}

/** Pieces without their first bytes. */
async function* skipped(pieces: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes
  for await (const piece of pieces) {
    if (piece.length > left) yield piece.subarray(left)
    left = Math.max(0, left - piece.length)
  }
}
