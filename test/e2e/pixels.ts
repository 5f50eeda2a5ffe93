import type { Locator } from '@playwright/test'

/** What a canvas shows, in device pixels. */
export interface Pixels {
  width: number
  height: number
  rgba: Uint8Array
}

export type Colour = readonly [red: number, green: number, blue: number]

/** Reads a canvas as it is now, on the window's ground. */
export async function readPixels(canvas: Locator): Promise<Pixels> {
  const { width, height, base64 } = await canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const context = new OffscreenCanvas(width, height).getContext('2d')
    if (context === null) throw new Error('no 2D context')
    context.fillStyle = getComputedStyle(document.body).backgroundColor
    context.fillRect(0, 0, width, height)
    context.drawImage(element as HTMLCanvasElement, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    let bytes = ''
    for (let at = 0; at < data.length; at += 8192)
      bytes += String.fromCharCode(...data.subarray(at, at + 8192))
    // As text: an array of millions of numbers takes seconds to come over.
    return { width, height, base64: btoa(bytes) }
  })
  return { width, height, rgba: new Uint8Array(Buffer.from(base64, 'base64')) }
}

export const colourAt = ({ width, rgba }: Pixels, x: number, y: number): Colour => {
  const at = 4 * (Math.round(y) * width + Math.round(x))
  return [rgba[at], rgba[at + 1], rgba[at + 2]]
}

/** Largest difference of a channel. */
export const distance = (a: Colour, b: Colour): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])))

/** `#rrggbb` as a colour. */
export const parseColour = (hex: string): Colour => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
]

/** Rows of a column that have a colour, from the top. */
export function rowsOf(pixels: Pixels, x: number, colour: Colour, tolerance = 2): number[] {
  return Array.from({ length: pixels.height }, (_, y) => y).filter(
    (y) => distance(colourAt(pixels, x, y), colour) <= tolerance,
  )
}

/** Columns of a row that have a colour, from the left. */
export function columnsOf(pixels: Pixels, y: number, colour: Colour, tolerance = 2): number[] {
  return Array.from({ length: pixels.width }, (_, x) => x).filter(
    (x) => distance(colourAt(pixels, x, y), colour) <= tolerance,
  )
}
