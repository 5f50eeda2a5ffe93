import type { DatasetDetail } from '#shared/domain/dataset.ts'
import { activationTable } from '#shared/model/activations.ts'
import type { ValueRange } from '../patches/patchSheet.ts'

/** What the network sees, drawn: the range values were mapped to, ±3 deviations of what is centred at 0, else all values. */
export function rangeAfter({
  normalisation,
  statistics: { after },
}: Pick<DatasetDetail, 'normalisation' | 'statistics'>): ValueRange {
  if (normalisation.kind === 'squash') {
    const [black, white] = activationTable[normalisation.range].patchRange
    return { black, white }
  }
  if (normalisation.kind !== 'none') return { black: -3 * after.deviation, white: 3 * after.deviation }
  const { min, max } = after.histogram
  return min >= 0 && max <= 1 ? { black: 0, white: 1 } : { black: min, white: max }
}

/** Pixel values as image files have them. */
export const pixelRange: ValueRange = { black: 0, white: 1 }

/** Pixel values as the images have them; a stack of images in an array may have any. */
export function rangeBefore({
  kind,
  statistics: { before },
}: Pick<DatasetDetail, 'kind' | 'statistics'>): ValueRange {
  if (kind !== 'images' || !before) return pixelRange
  const { min, max } = before.histogram
  return min >= 0 && max <= 1 ? pixelRange : { black: min, white: max }
}
