export interface GridOptions {
  /** By default as square as can be, wider rather than higher. */
  columns?: number
  /** Whole number of picture elements that a filter's pixel is wide and high. */
  scale?: number
  /** Side of the square that each filter is centred in, in picture elements; by default just large enough. */
  cell?: number
  /** Picture elements between filters, and around all of them. */
  gap?: number
  pad?: number
}

/** Where the filters of a grid lie; all lengths in picture elements. */
export interface FilterGrid {
  columns: number
  rows: number
  scale: number
  gap: number
  pad: number
  /** Side of a filter's square, and what is left of it on either side of the filter. */
  cell: number
  margin: number
  width: number
  height: number
}

/** @param patchSize side of a filter in pixels */
export function filterGrid(count: number, patchSize: number, options: GridOptions = {}): FilterGrid {
  const { columns = Math.max(1, Math.ceil(Math.sqrt(count))), scale = 1, gap = 1, pad = 0 } = options
  const rows = Math.ceil(count / columns)
  const { cell = patchSize * scale } = options
  const margin = Math.floor((cell - patchSize * scale) / 2)
  const side = (cells: number) => Math.max(0, cells * (cell + gap) - gap) + 2 * pad
  return { columns, rows, scale, gap, pad, cell, margin, width: side(columns), height: side(rows) }
}

/** Upper left corner of filter `index`. */
export function cellAt(
  { columns, pad, cell, gap, margin }: FilterGrid,
  index: number,
): { x: number; y: number } {
  return {
    x: pad + margin + (index % columns) * (cell + gap),
    y: pad + margin + Math.floor(index / columns) * (cell + gap),
  }
}
