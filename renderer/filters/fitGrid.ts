/** Where the filters of a grid stand, in device pixels. */
export interface GridFit {
  columns: number
  rows: number
  /** Device pixels per filter pixel. */
  scale: number
  gap: number
  /** Of the first filter. */
  left: number
  top: number
  /** How many filters have a place: all, unless even single pixels are too large. */
  shown: number
}

export interface GridRoom {
  /** Device pixels. */
  width: number
  height: number
  /** Filters to place. */
  count: number
  /** Pixels of one filter. */
  filterWidth: number
  filterHeight: number
  /** Device pixels in a CSS pixel. */
  ratio: number
}

/** CSS pixels between and around the filters: narrower ones are taken where they make room for a larger scale. */
const margins = [
  { gap: 4, pad: 8 },
  { gap: 3, pad: 6 },
  { gap: 2, pad: 4 },
] as const
const tightest = { gap: 1, pad: 4 }

interface Places {
  columns: number
  rows: number
  gap: number
}

/** How many filters have a place at a scale. */
function places(room: GridRoom, scale: number, margin: { gap: number; pad: number }): Places {
  const { width, height, filterWidth, filterHeight, ratio } = room
  const gap = Math.round(margin.gap * ratio)
  const pad = Math.round(margin.pad * ratio)
  return {
    columns: Math.floor((width - 2 * pad + gap) / (filterWidth * scale + gap)),
    rows: Math.floor((height - 2 * pad + gap) / (filterHeight * scale + gap)),
    gap,
  }
}

/** The first of the margins that leaves room for so many columns and rows at a scale. */
function marginFor(space: GridRoom, scale: number, enough: (places: Places) => boolean): Places | null {
  // Large filters that nearly touch are hard to tell apart.
  const tried = scale === 1 ? [tightest] : scale > 5 ? margins.slice(0, 1) : margins
  for (const margin of tried) {
    const found = places(space, scale, margin)
    if (enough(found)) return found
  }
  return null
}

/** How much of the scale may be given up for a square grid, whose last row is as full as can be. */
const squareShare = 0.75

/**
 * The largest whole scale at which every filter fits, as a square if that costs little, centred in the room.
 * @param scaleLimit  a smaller scale than would fit, to draw several grids alike
 * @returns null where not one filter fits
 */
export function fitGrid(space: GridRoom, scaleLimit = Infinity): GridFit | null {
  const { count } = space
  const squareColumns = Math.ceil(Math.sqrt(count))
  const squareRows = Math.ceil(count / squareColumns)
  let best: GridFit | null = null
  const largest = Math.floor(
    Math.min(space.width / space.filterWidth, space.height / space.filterHeight, scaleLimit),
  )
  for (let scale = largest; scale >= 1 && scale >= squareShare * (best?.scale ?? 0); scale--) {
    const square = marginFor(
      space,
      scale,
      ({ columns, rows }) => columns >= squareColumns && rows >= squareRows,
    )
    if (square) return layOut(space, scale, square, squareColumns)
    if (best !== null) continue
    const any = marginFor(space, scale, ({ columns, rows }) => columns * rows >= count)
    if (any) best = layOut(space, scale, any)
  }
  if (best !== null) return best
  const found = places(space, 1, tightest)
  return found.columns > 0 && found.rows > 0 ? layOut(space, 1, found) : null
}

/** @param wanted  columns; by default as many as make the whole near to a square */
function layOut(space: GridRoom, scale: number, most: Places, wanted?: number): GridFit {
  const { gap } = most
  const pitchX = space.filterWidth * scale + gap
  const pitchY = space.filterHeight * scale + gap
  const shown = Math.min(space.count, most.columns * most.rows)
  const square = Math.ceil(Math.sqrt((shown * pitchY) / pitchX))
  const columns = wanted ?? Math.min(most.columns, Math.max(square, Math.ceil(shown / most.rows)), shown)
  const rows = Math.ceil(shown / columns)
  return {
    columns,
    rows,
    scale,
    gap,
    left: Math.floor((space.width - columns * pitchX + gap) / 2),
    top: Math.floor((space.height - rows * pitchY + gap) / 2),
    shown,
  }
}

/** The same grid on a ground that ends at its padding. */
export function hugGrid(fit: GridFit, room: GridRoom): { fit: GridFit; room: GridRoom } {
  const pad = 2 * fit.gap
  const width = fit.columns * (room.filterWidth * fit.scale + fit.gap) - fit.gap + 2 * pad
  const height = fit.rows * (room.filterHeight * fit.scale + fit.gap) - fit.gap + 2 * pad
  return { fit: { ...fit, left: pad, top: pad }, room: { ...room, width, height } }
}

/** Place (0 is the first) at a point in device pixels; −1 outside. A gap belongs to the filter before it. */
export function placeAt(fit: GridFit, room: GridRoom, x: number, y: number): number {
  const half = fit.gap / 2
  const column = Math.floor((x - fit.left + half) / (room.filterWidth * fit.scale + fit.gap))
  const row = Math.floor((y - fit.top + half) / (room.filterHeight * fit.scale + fit.gap))
  if (column < 0 || column >= fit.columns || row < 0 || row >= fit.rows) return -1
  const place = row * fit.columns + column
  return place < fit.shown ? place : -1
}

/** The rectangle of a place, in device pixels. */
export function placeBox(fit: GridFit, { filterWidth, filterHeight }: GridRoom, place: number) {
  const { columns, scale, gap, left, top } = fit
  const [width, height] = [filterWidth * scale, filterHeight * scale]
  return {
    left: left + (place % columns) * (width + gap),
    top: top + Math.floor(place / columns) * (height + gap),
    width,
    height,
  }
}

/** The place that a key leads to from another; null where it leads nowhere. */
export function placeByKey({ columns, shown }: GridFit, from: number, key: string): number | null {
  const start = from - (from % columns)
  const moves: Record<string, number> = {
    ArrowLeft: from - 1,
    ArrowRight: from + 1,
    ArrowUp: from - columns,
    ArrowDown: from + columns,
    Home: start,
    End: Math.min(shown - 1, start + columns - 1),
  }
  return moves[key] ?? null
}
