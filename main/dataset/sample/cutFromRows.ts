import { contrastOf } from '../statistics/patchContrast.ts'
import { tooFlat, triesPerPatch, type SampledPatches } from './cutPatches.ts'
import type { ImageSize, PatchPlan } from './planPatches.ts'

/** An image that is read row by row, since all of it would not fit in memory. */
export interface RowImage extends ImageSize {
  channels: 1 | 3
  /** From the top; width × channels values each, valid until the next one. */
  readRows(): AsyncIterable<Float32Array>
  /** Of the rows read so far: whether mid grey shines through somewhere. Left out where there can be no transparency. */
  isTransparent?(): boolean
}

/** A place in the image where the patch of a row may come from. */
interface Candidate {
  row: number
  /** Of the places for this row, the first drawn that has the contrast is taken. */
  order: number
  x: number
  y: number
}

/** Each pass reads the image once more, so it brings so many places for each patch that is still missing. */
const candidatesPerPass = 20

/**
 * Cuts an image's patches while it is read from top to bottom, with no more rows in memory than a patch is high.
 * Without a least contrast their places are drawn already.
 * @param sampled written; without a least contrast its positions are read
 * @param onRow called with every row once, in the first pass
 */
export async function cutFromRows(
  plan: PatchPlan,
  index: number,
  image: RowImage,
  sampled: SampledPatches,
  onRow: (row: Float32Array) => void,
): Promise<void> {
  let missing = Array.from(plan.rowsOf(index))
  let tries = 0
  do {
    if (tries >= triesPerPatch) throw tooFlat(plan.minContrast)
    const drawn =
      plan.minContrast === 0
        ? missing.map((row) => drawnPlace(sampled, row))
        : missing.flatMap((row) =>
            Array.from({ length: candidatesPerPass }, (_, order) => drawPlace(plan, image, row, order)),
          )
    const cut = await readPlaces(plan, index, image, drawn, sampled, tries === 0 ? onRow : () => {})
    missing = missing.filter((row) => !cut.has(row))
    tries += candidatesPerPass
  } while (missing.length > 0)
}

const drawnPlace = ({ positions }: SampledPatches, row: number): Candidate => ({
  row,
  order: 0,
  x: positions[row * 3 + 1],
  y: positions[row * 3 + 2],
})

function drawPlace(
  { random, patchSize }: PatchPlan,
  { width, height }: ImageSize,
  row: number,
  order: number,
): Candidate {
  return { row, order, x: random.integer(width - patchSize + 1), y: random.integer(height - patchSize + 1) }
}

/** @returns the rows of the patch matrix that were filled */
async function readPlaces(
  { patchSize, minContrast }: PatchPlan,
  index: number,
  image: RowImage,
  places: Candidate[],
  { patches, positions }: SampledPatches,
  onRow: (row: Float32Array) => void,
): Promise<ReadonlyMap<number, number>> {
  const { width, channels } = image
  const lineLength = width * channels
  const rowLength = patchSize * channels
  const n = patchSize * rowLength
  const waiting = places.toSorted((a, b) => a.y - b.y)
  /** By row, the order of the place that fills it so far. */
  const filled = new Map<number, number>()
  const patch = new Float32Array(n)
  // The newest patchSize rows of the image, each at its y modulo patchSize.
  const ring = new Float32Array(patchSize * lineLength)
  let next = 0
  let y = 0
  for await (const row of image.readRows()) {
    onRow(row)
    ring.set(row, (y % patchSize) * lineLength)
    for (; next < waiting.length && waiting[next].y + patchSize - 1 === y; next++) {
      const place = waiting[next]
      if ((filled.get(place.row) ?? Infinity) < place.order) continue
      for (let line = 0; line < patchSize; line++) {
        const from = ((place.y + line) % patchSize) * lineLength + place.x * channels
        patch.set(ring.subarray(from, from + rowLength), line * rowLength)
      }
      if (minContrast > 0 && contrastOf(patch, 0, n) < minContrast) continue
      patches.set(patch, place.row * n)
      positions.set([index, place.x, place.y], place.row * 3)
      filled.set(place.row, place.order)
    }
    y += 1
  }
  return filled
}
