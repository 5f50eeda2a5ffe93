import type { DatasetImage, PowerSpectrum } from '#shared/domain/dataset.ts'
import type { NamedColumns } from '../../format/csv.ts'

/** A row an image: its file, its size in pixels, and how many patches were cut from it. */
export const imageNumbers = (
  images: readonly Pick<DatasetImage, 'file' | 'width' | 'height' | 'patches'>[],
): NamedColumns => ({
  head: ['image', 'width', 'height', 'patches'],
  columns: [
    images.map(({ file }) => file),
    images.map(({ width }) => width),
    images.map(({ height }) => height),
    images.map(({ patches }) => patches),
  ],
})

/** A row a frequency, in cycles per pixel; a curve that does not exist has no column. */
export function spectrumNumbers({ frequencies, before, after }: PowerSpectrum): NamedColumns {
  const curves = [
    { name: 'before', powers: before },
    { name: 'after', powers: after },
  ].flatMap(({ name, powers }) => (powers === null ? [] : [{ name, powers }]))
  return {
    head: ['frequency', ...curves.map(({ name }) => name)],
    columns: [frequencies, ...curves.map(({ powers }) => powers)],
  }
}
