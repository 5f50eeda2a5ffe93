import { LabError } from '#shared/domain/labError.ts'
import { numberedBlocks, saidName, type ReadArrayOptions, type StoredArray } from './storedArray.ts'

export interface MatrixOptions extends ReadArrayOptions {
  /** Each column is a patch, not each row. */
  columns?: boolean | undefined
  /** What values are multiplied by. */
  scale: number
  /** Rows that are taken, ascending; null for all. */
  chosen: Uint32Array | null
  file: string
}

/**
 * Rows of a matrix in one pass over it, whatever its order in memory.
 * @param size  m rows of n values, as they are taken: with `columns`, the array's other side first
 * @returns as many × n, row-major
 * @throws LabError badInput naming the first taken value that is not finite; stopped
 */
export async function readRows(
  array: StoredArray,
  { m, n }: { m: number; n: number },
  { columns = false, scale, chosen, file, ...options }: MatrixOptions,
): Promise<Float32Array> {
  const values = new Float32Array((chosen?.length ?? m) * n)
  // A matrix whose columns are taken for rows lies in memory as one of the other order.
  const byColumns = array.firstFastest !== columns
  const put = (to: number, given: number, row: number, column: number): void => {
    const value = given * scale
    values[to] = value
    if (Number.isFinite(values[to])) return
    const place = columns ? { row: column, column: row } : { row, column }
    throw notFinite(given, saidName(array, file), place)
  }
  for await (const { first, block } of numberedBlocks(array, options)) {
    const end = first + block.length
    if (byColumns) {
      for (let column = Math.floor(first / m); column * m < end; column++) {
        const from = Math.max(first, column * m)
        const to = Math.min(end, (column + 1) * m)
        if (chosen === null) {
          for (let at = from; at < to; at++) {
            const row = at - column * m
            put(row * n + column, block[at - first], row, column)
          }
        } else {
          for (let place = firstFrom(chosen, from - column * m); place < chosen.length; place++) {
            const at = column * m + chosen[place]
            if (at >= to) break
            put(place * n + column, block[at - first], chosen[place], column)
          }
        }
      }
    } else if (chosen === null) {
      // By far the most usual: no divisions for each value.
      for (let i = 0; i < block.length; i++) {
        const value = block[i] * scale
        values[first + i] = value
        if (!Number.isFinite(values[first + i]))
          put(first + i, block[i], Math.floor((first + i) / n), (first + i) % n)
      }
    } else {
      for (let place = firstFrom(chosen, Math.floor(first / n)); place < chosen.length; place++) {
        const start = chosen[place] * n
        if (start >= end) break
        for (let at = Math.max(start, first); at < Math.min(start + n, end); at++) {
          put(place * n + at - start, block[at - first], chosen[place], at - start)
        }
      }
    }
  }
  return values
}

/** The first place in ascending numbers whose number is not below. */
function firstFrom(ascending: Uint32Array, bound: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle] < bound) low = middle + 1
    else high = middle
  }
  return low
}

export function notFinite(
  given: number,
  said: string,
  { row, column }: { row: number; column: number },
): LabError {
  const problem = Number.isFinite(given) ? `${given}, too large for float32,` : String(given)
  return new LabError(
    'badInput',
    `${said} holds ${problem} at row ${row}, column ${column} (from 0). Replace it or remove the row.`,
  )
}
