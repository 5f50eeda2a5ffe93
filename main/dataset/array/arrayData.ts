import type { ArrayChoice } from '#shared/domain/datasetSource.ts'

/** A matrix with a patch in each row. */
export interface PatchMatrix {
  kind: 'patches'
  /** Its name in the file; null where files hold one only. */
  array: string | null
  m: number
  n: number
  /** m × n row-major, all finite */
  values: Float32Array
  /** What a row is drawn as, where the file says so; null for no picture. */
  geometry?: PatchGeometry
  /** Class of each row; null where nothing says so. */
  labels: string[] | null
  /** Of the values; null where the file has none. */
  columnNames: string[] | null
  /** What was found and done, in sentences. */
  remarks: string[]
  /** What was decided where nothing was asked for: with it, the same comes again. */
  resolved: Partial<ArrayChoice>
}

export interface PatchGeometry {
  patchSize: number | null
  channels: 1 | 3
}

/** A square grey patch if n is a square, else a square RGB patch if n/3 is one; else no picture. */
export function patchGeometry(n: number): PatchGeometry {
  const grey = Math.sqrt(n)
  if (Number.isInteger(grey)) return { patchSize: grey, channels: 1 }
  const colour = Math.sqrt(n / 3)
  return Number.isInteger(colour) ? { patchSize: colour, channels: 3 } : { patchSize: null, channels: 1 }
}
