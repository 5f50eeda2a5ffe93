import { createHash } from 'node:crypto'
import { closeSync, fstatSync, readSync } from 'node:fs'
import { openRegularFileSync } from '#db/regularFile.ts'
import { partError, type PatchesFile } from '#shared/domain/storedPart.ts'

/** A file of patches, open for reading. */
export interface PatchFile {
  /** Goes through all patches in blocks of some megabytes. @param see gets `count` rows from row `first` on */
  eachBlock(see: (rows: Float32Array, first: number, count: number) => void): void
  /** Some rows, as many × n. */
  read(rows: readonly number[]): Float32Array
}

/** Files that were read whole and found to be what they were, as they then were: `size time`. */
const checked = new Map<string, string>()

/**
 * Reads float32 patches without holding all of them. Who sees all of them has seen what they were when they were
 * stored: the first time in this process they are checked.
 * @param blockBytes about as much is held at once
 * @throws LabError badInput where they are missing or not what they were
 */
export function withPatches<T>(
  { path, hash, part }: PatchesFile,
  m: number,
  n: number,
  use: (patches: PatchFile) => T,
  blockBytes = 16 << 20,
): T {
  let file: number
  try {
    file = openRegularFileSync(path)
  } catch (cause) {
    throw partError(
      part,
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : 'unreadable',
      cause,
    )
  }
  const fill = (values: Float32Array, firstRow: number) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    let done = 0
    while (done < bytes.length) {
      const count = readOrThrow(bytes, done, 4 * firstRow * n + done)
      if (count === 0) throw partError(part, 'damaged')
      done += count
    }
  }
  const readOrThrow = (bytes: Uint8Array, at: number, position: number): number => {
    try {
      return readSync(file, bytes, at, bytes.length - at, position)
    } catch (cause) {
      throw partError(part, 'unreadable', cause)
    }
  }
  try {
    return use({
      eachBlock(see) {
        const rowsAtOnce = Math.max(1, Math.min(m, Math.floor(blockBytes / (4 * n))))
        const block = new Float32Array(rowsAtOnce * n)
        const { size, mtimeMs } = fstatSync(file)
        const state = `${size} ${mtimeMs}`
        const digest = checked.get(path) === state ? null : createHash('sha256')
        for (let first = 0; first < m; first += rowsAtOnce) {
          const count = Math.min(rowsAtOnce, m - first)
          const rows = block.subarray(0, count * n)
          fill(rows, first)
          digest?.update(new Uint8Array(rows.buffer, 0, rows.byteLength))
          see(block, first, count)
        }
        if (digest === null) return
        if (digest.digest('hex') !== hash) throw partError(part, 'damaged')
        checked.set(path, state)
      },
      read(rows) {
        const values = new Float32Array(rows.length * n)
        rows.forEach((row, i) => fill(values.subarray(i * n, (i + 1) * n), row))
        return values
      },
    })
  } finally {
    closeSync(file)
  }
}
