import type { PatchImage } from './usePatchImages.ts'

export interface Place {
  x: number
  y: number
  /** Side of the patch in the image's pixels. */
  size: number
}

export interface PlaceColours {
  mark: string
  rim: string
}

/** The largest box of an image's shape inside a room. */
export function fitImage(
  { width, height }: { width: number; height: number },
  room: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(room.width / width, room.height / height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/**
 * The mark around a patch in a drawn image: at least so large that it can be seen, and inside the image.
 * @returns upper left corner and side, in the pixels of the drawing
 */
export function markOf(
  place: Place,
  image: { width: number; height: number },
  drawn: { width: number; height: number },
  smallest: number,
): { x: number; y: number; side: number } {
  // Whole pixels make the drawing of a very narrow image wider than its shape: the two scales differ.
  const scale = { x: drawn.width / image.width, y: drawn.height / image.height }
  const wanted = Math.round(place.size * Math.min(scale.x, scale.y))
  const side = Math.min(Math.max(wanted, smallest), drawn.width, drawn.height)
  const corner = (start: number, scale: number, length: number) =>
    Math.max(0, Math.min(length - side, Math.round((start + place.size / 2) * scale - side / 2)))
  return { x: corner(place.x, scale.x, drawn.width), y: corner(place.y, scale.y, drawn.height), side }
}

/**
 * Draws an image with a mark around a patch.
 * @param size of the drawing in device pixels; @param ratio device pixels in a CSS pixel
 */
export function paintPlace(
  canvas: HTMLCanvasElement,
  { image, bitmap }: PatchImage,
  place: Place,
  size: { width: number; height: number },
  ratio: number,
  smallest: number,
  colours: PlaceColours,
): void {
  canvas.width = size.width
  canvas.height = size.height
  canvas.style.width = `${size.width / ratio}px`
  canvas.style.height = `${size.height / ratio}px`
  const context = canvas.getContext('2d')
  if (!context) return
  context.imageSmoothingQuality = 'high'
  if (bitmap) context.drawImage(bitmap, 0, 0, size.width, size.height)
  const { x, y, side } = markOf(place, image, size, Math.round(smallest * ratio))
  const line = Math.max(1, Math.round(ratio))
  // A rim on both sides, so that the mark is seen on any picture.
  const frame = (colour: string, grow: number, width: number) => {
    context.strokeStyle = colour
    context.lineWidth = width
    context.strokeRect(
      x - grow + width / 2,
      y - grow + width / 2,
      side + 2 * grow - width,
      side + 2 * grow - width,
    )
  }
  frame(colours.rim, line, line)
  frame(colours.rim, -line, line)
  frame(colours.mark, 0, line)
}
