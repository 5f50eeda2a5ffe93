import { z } from 'zod'
import { readRegularText } from '#db/regularFile.ts'
import { replaceFile } from './replaceFile.ts'

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const coordinate = z.number().int().min(-100_000).max(100_000)
const windowStateSchema = z.object({
  bounds: z.object({ x: coordinate, y: coordinate, width: coordinate.min(1), height: coordinate.min(1) }),
  maximized: z.boolean(),
})
export type WindowState = z.infer<typeof windowStateSchema>

/** Where the window was; null where nothing (readable) is remembered. */
export function readWindowState(path: string): WindowState | null {
  try {
    return windowStateSchema.parse(JSON.parse(readRegularText(path)))
  } catch {
    return null // A place for the window is not worth a message.
  }
}

export const writeWindowState = (path: string, state: WindowState): void =>
  replaceFile(path, JSON.stringify(state))

/** Whether enough of a window to take hold of would be seen on one of the displays. */
export function isVisible(bounds: Rectangle, displays: readonly Rectangle[]): boolean {
  return displays.some((display) => {
    const width = overlap(bounds.x, bounds.width, display.x, display.width)
    const height = overlap(bounds.y, bounds.height, display.y, display.height)
    return width >= 120 && height >= 80 && bounds.y >= display.y - 8
  })
}

const overlap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b)
