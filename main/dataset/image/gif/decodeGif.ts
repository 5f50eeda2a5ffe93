import { LabError } from '#shared/domain/labError.ts'
import { refuseTooLarge } from '../checkImage.ts'
import type { Decoded } from '../decoded.ts'
import { firstFrame, type GifFrame } from './gifFrame.ts'
import { unpackLzw } from './unpackLzw.ts'

/**
 * The first frame of a GIF on its canvas; where the frame does not reach, the canvas is transparent.
 * @throws LabError badInput where it is damaged or too large
 */
export function decodeGif(bytes: Uint8Array): Decoded {
  const frame = firstFrame(bytes)
  if (frame === null) throw damaged()
  // A frame that is larger than its canvas counts, as in browsers.
  const width = Math.max(frame.canvasWidth, frame.x + frame.width)
  const height = Math.max(frame.canvasHeight, frame.y + frame.height)
  refuseTooLarge({ width, height })
  const values = unpackLzw(frame.pieces, frame.minimumCodeBits, frame.width * frame.height)
  if (values === null || width === 0 || height === 0) throw damaged()
  return { width, height, samples: 4, values: paint(frame, values, width, height) }
}

function paint(frame: GifFrame, values: Uint8Array, width: number, height: number): Uint8Array {
  const { palette, transparent } = frame
  const raw = new Uint8Array(width * height * 4)
  const lines = linesOf(frame)
  for (let line = 0; line < frame.height; line++) {
    const from = line * frame.width
    const to = ((frame.y + lines[line]) * width + frame.x) * 4
    for (let x = 0; x < frame.width; x++) {
      const value = values[from + x]
      if (value === transparent) continue
      if (value * 3 + 2 >= palette.length) throw damaged()
      for (let channel = 0; channel < 3; channel++) raw[to + x * 4 + channel] = palette[value * 3 + channel]
      raw[to + x * 4 + 3] = 255
    }
  }
  return raw
}

/** Which line of the frame each stored line is. */
function linesOf({ height, interlaced }: GifFrame): number[] {
  const every = (start: number, step: number) =>
    Array.from({ length: Math.max(0, Math.ceil((height - start) / step)) }, (_, k) => start + k * step)
  return interlaced ? [...every(0, 8), ...every(4, 8), ...every(2, 4), ...every(1, 2)] : every(0, 1)
}

const damaged = () => new LabError('badInput', 'The file is damaged: it cannot be decoded. Copy it again.')
