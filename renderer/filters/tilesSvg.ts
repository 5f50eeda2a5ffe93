import type { FilterShape } from './filterShape.ts'

/** Scaled levels of a filter or patch, with its upper left corner at (x, y). */
export interface Tile {
  levels: Uint8ClampedArray
  x: number
  y: number
  title?: string
}

/** Tiles as a drawing: a rectangle for each run of equal pixels in a row, sharp at any size. */
export function tilesToSvg(
  size: { width: number; height: number; ground?: string },
  tiles: readonly Tile[],
  shape: FilterShape,
  scale: number,
): string {
  const { width, height, ground } = size
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">`,
    ...(ground ? [`<rect width="${width}" height="${height}" fill="${ground}"/>`] : []),
  ]
  for (const { levels, x, y, title } of tiles) {
    const name = title ? `<title>${title}</title>` : ''
    parts.push(`<g transform="translate(${x} ${y}) scale(${scale})">${name}`)
    parts.push(...rectangles(levels, shape), '</g>')
  }
  return [...parts, '</svg>'].join('\n')
}

function rectangles(levels: Uint8ClampedArray, { width, height, channels, isStrip }: FilterShape): string[] {
  const colourAt = (row: number, column: number): string => {
    const pixel = isStrip ? column : row * width + column
    const at = (c: number) => levels[channels === 3 ? 3 * pixel + c : pixel]
    return `#${[at(0), at(1), at(2)].map((level) => level.toString(16).padStart(2, '0')).join('')}`
  }
  const found: string[] = []
  for (let row = 0; row < (isStrip ? 1 : height); row++) {
    for (let column = 0; column < width;) {
      const colour = colourAt(row, column)
      let end = column + 1
      while (end < width && colourAt(row, end) === colour) end++
      const size = `width="${end - column}" height="${isStrip ? height : 1}"`
      found.push(`<rect x="${column}" y="${row}" ${size} fill="${colour}"/>`)
      column = end
    }
  }
  return found
}
