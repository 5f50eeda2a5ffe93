import { openRegularFile } from '#db/regularFile.ts'
import { readAt } from '../../readAt.ts'
import type { RowImage } from '../../sample/cutFromRows.ts'
import { toPixels } from '../toPixels.ts'
import { endsEarly } from './lines.ts'

const headerBytes = 54

/** A bitmap of 24 bits a pixel, uncompressed, that is read row by row; null where it is another kind. */
export async function bitmapRows(path: string, channels: 1 | 3): Promise<RowImage | null> {
  const handle = await openRegularFile(path)
  try {
    const start = await readAt(handle, 0, headerBytes)
    const view = new DataView(start.buffer)
    if (start.length < headerBytes || view.getUint32(14, true) < 40) return null
    if (view.getUint16(28, true) !== 24 || view.getUint32(30, true) !== 0) return null
    const width = view.getInt32(18, true)
    const stored = view.getInt32(22, true)
    const [offset, height] = [view.getUint32(10, true), Math.abs(stored)]
    if (width <= 0 || height === 0) return null
    const rowBytes = Math.ceil((width * 3) / 4) * 4
    const rowAt = (y: number) => offset + rowBytes * (stored > 0 ? height - 1 - y : y)
    return { width, height, channels, readRows: () => readRows(path, width, height, rowAt, channels) }
  } finally {
    await handle.close()
  }
}

async function* readRows(
  path: string,
  width: number,
  height: number,
  rowAt: (y: number) => number,
  channels: 1 | 3,
): AsyncGenerator<Float32Array> {
  const handle = await openRegularFile(path)
  try {
    for (let y = 0; y < height; y++) {
      const line = await readAt(handle, rowAt(y), width * 3)
      if (line.length < width * 3) throw endsEarly()
      for (let i = 0; i < line.length; i += 3) [line[i], line[i + 2]] = [line[i + 2], line[i]]
      yield toPixels({ samples: 3, values: line }, channels)
    }
  } finally {
    await handle.close()
  }
}
