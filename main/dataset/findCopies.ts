import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openRegularFile } from '#db/regularFile.ts'
import { readPieces } from './readAt.ts'

/**
 * Files with the same bytes as an earlier one. Only files of one length are read at all.
 * @param onHashed called after each file that was read; may throw to stop
 * @returns of each copy, the first file with its bytes
 */
export async function findCopies(
  folder: string,
  files: readonly string[],
  onHashed: () => void,
): Promise<Map<string, string>> {
  const bySize = new Map<number, string[]>()
  for (const file of files) {
    const { size } = await stat(join(folder, file))
    bySize.set(size, [...(bySize.get(size) ?? []), file])
  }
  const copies = new Map<string, string>()
  for (const alike of bySize.values()) {
    if (alike.length === 1) continue
    const firsts = new Map<string, string>()
    for (const file of alike) {
      const hash = await hashFile(join(folder, file))
      onHashed()
      const first = firsts.get(hash)
      if (first === undefined) firsts.set(hash, file)
      else copies.set(file, first)
    }
  }
  return copies
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await openRegularFile(path)
  try {
    for await (const piece of readPieces(handle, 0, Infinity)) hash.update(piece)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}
