import type { DatasetImage, DatasetKind, DatasetSummary } from '#shared/domain/dataset.ts'
import { formatCount, formatPatchSize } from './number.ts'

export const datasetKindNames: Record<DatasetKind, string> = {
  images: 'Images',
  array: 'Patch matrix',
  natural: 'Generated, natural',
  noise: 'Generated, noise',
  bars: 'Generated, bars',
}

/** "8 × 8", "8 × 8 × 3", or "784 values" where patches are not square. */
export const patchShape = ({
  patchSize,
  channels,
  visible,
}: Pick<DatasetSummary, 'patchSize' | 'channels' | 'visible'>): string =>
  patchSize === null ? `${formatCount(visible)} values` : formatPatchSize(patchSize, channels)

/** What was said of an import, without the command line's options: the window has controls. */
export const withoutOptions = (remark: string): string =>
  remark.replace(/; --[a-z].*?\.$/, '.').replace(/ [^.]*\b(give|keep) --[a-z][^.]*\.$/, '')

/** The size that all images have, or the smallest and the largest by area. */
export function imageSizes(images: readonly Pick<DatasetImage, 'width' | 'height'>[]): string {
  if (images.length === 0) return '–'
  const byArea = images.toSorted((a, b) => a.width * a.height - b.width * b.height)
  const text = ({ width, height }: Pick<DatasetImage, 'width' | 'height'>) => `${width} × ${height}`
  const smallest = text(byArea[0])
  const largest = text(byArea[byArea.length - 1])
  return smallest === largest ? smallest : `${smallest} to ${largest}`
}
