import { LabError } from '#shared/domain/labError.ts'
import type { ImageSource } from '../sample/samplePatches.ts'

/** A matrix with a patch in each row. */
export interface PatchMatrix {
  kind: 'patches'
  /** Its name in the file; null where files hold one only. */
  array: string | null
  m: number
  n: number
  /** m × n row-major, all finite */
  values: Float32Array
  /** Sides of the picture that a patch is, where the file says so. */
  sides?: readonly [height: number, width: number]
}

/** Images that patches are sampled from. */
export interface ImageStack {
  kind: 'images'
  array: string
  sources: ImageSource[]
  /** Whether all values lie in [0, 1]. */
  isUnit: boolean
}

export interface ReadArrayOptions {
  onRead?: (done: number, total: number) => void
  signal?: AbortSignal
}

/**
 * @param values float32, from a position on of a matrix with rows of n
 * @param given  the values before they were rounded to float32, for the message
 * @throws LabError badInput naming the first that is not finite
 */
export function refuseNotFinite(
  values: Float32Array,
  given: ArrayLike<number>,
  first: number,
  n: number,
  name: string,
): void {
  for (let i = 0; i < given.length; i++) {
    if (Number.isFinite(values[first + i])) continue
    const at = first + i
    const place = `row ${Math.floor(at / n)}, column ${at % n}`
    const problem = Number.isFinite(given[i]) ? `${given[i]}, too large for float32,` : String(given[i])
    throw new LabError(
      'badInput',
      `${name} holds ${problem} at ${place} (from 0). Replace it or remove the row.`,
    )
  }
}

/** Rows become columns. */
export function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]
  }
  return result
}

/** e.g. "X (60000 × 784 uint8), y (60000 float64)" */
export function describeArrays(
  entries: readonly { name: string; shape: readonly number[]; type: string }[],
): string {
  const shown = entries
    .slice(0, 12)
    .map(({ name, shape, type }) => `${name} (${shape.join(' × ') || 'one'} ${type})`)
  return shown.join(', ') + (entries.length > 12 ? ` and ${entries.length - 12} more` : '')
}
