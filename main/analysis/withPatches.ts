import { closeSync, openSync, readSync } from 'node:fs'
import { LabError } from '#shared/domain/labError.ts'

/** A file of patches, open for reading. */
export interface PatchFile {
  /** Goes through all patches in blocks of some megabytes. @param see gets `count` rows from row `first` on */
  eachBlock(see: (rows: Float32Array, first: number, count: number) => void): void
  /** Some rows, as many × n. */
  read(rows: readonly number[]): Float32Array
}

/**
 * Reads float32 patches without holding all of them.
 * @param path of the blob, m × n row-major
 * @param blockBytes about as much is held at once
 * @throws LabError badInput where it is missing or too short
 */
export function withPatches<T>(
  path: string,
  m: number,
  n: number,
  use: (patches: PatchFile) => T,
  blockBytes = 16 << 20,
): T {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (cause) {
    throw damaged(cause)
  }
  const fill = (values: Float32Array, firstRow: number) => {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
    let done = 0
    while (done < bytes.length) {
      const count = readSync(file, bytes, done, bytes.length - done, 4 * firstRow * n + done)
      if (count === 0) throw damaged()
      done += count
    }
  }
  try {
    return use({
      eachBlock(see) {
        const rowsAtOnce = Math.max(1, Math.min(m, Math.floor(blockBytes / (4 * n))))
        const block = new Float32Array(rowsAtOnce * n)
        for (let first = 0; first < m; first += rowsAtOnce) {
          const count = Math.min(rowsAtOnce, m - first)
          fill(block.subarray(0, count * n), first)
          see(block, first, count)
        }
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

const damaged = (cause?: unknown): LabError =>
  new LabError('badInput', 'The patches of this run’s dataset are damaged. Import the dataset again.', {
    cause,
  })
