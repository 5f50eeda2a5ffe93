import type { Library } from '#db/library.ts'
import { describeDataset, type DatasetDescription } from '#db/queries/datasets.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import { classesText } from '#shared/domain/labels.ts'
import { unreachableByDefault } from '#shared/domain/unreachableValues.ts'
import type { Output } from './command.ts'
import type { ProgressBar } from './progressBar.ts'
import { printableLine } from '#shared/text/printable.ts'
import { imageCount } from './text.ts'

const stageNames: Record<ImportProgress['stage'], string> = {
  listing: 'Listing files',
  reading: 'Reading',
  normalising: 'Normalising patches',
  writing: 'Writing',
}

export const onImportProgress = (bar: ProgressBar) => (progress: ImportProgress) =>
  bar.show(
    progress.done,
    progress.total,
    `${stageNames[progress.stage]} ${progress.done} of ${progress.total}`,
  )

function whitened({ statistics }: DatasetDescription): string[] {
  const { whitening } = statistics
  if (!whitening) return []
  const { components, eigenvalues, keptVariance, keptAfterEpsilon, mean } = whitening
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  return [
    ...(mean ? ['The mean of each value was removed, and is kept.'] : []),
    `Whitening keeps ${components} of ${eigenvalues.length} components with ${percent(keptVariance)} of the variance, ${percent(keptAfterEpsilon)} after epsilon.`,
  ]
}

/** That a run with the default units could not reach its values, and what to do. */
function remarksOf({ id, normalisation, statistics }: DatasetDescription): string[] {
  const found = unreachableByDefault(normalisation, statistics.after.histogram)
  if (found === null) return []
  return [
    `${found.text} Train with --decoder linear, or make it anew with: lab derive ${id} --normalize squash`,
  ]
}

/** What `import` and `generate` answer with: the dataset that is now there, and the files left out. */
export function datasetOutput(library: Library, id: number): Output {
  const dataset = describeDataset(library, id)
  const skipped = dataset.skippedFiles
  const { transparentImages } = dataset.statistics
  const remarks = [...dataset.importRemarks, ...remarksOf(dataset)]
  const lines = [
    `Dataset ${id} "${dataset.name}": ${dataset.patches} patches of ${dataset.visible} pixels` +
      (dataset.images > 0 ? ` from ${imageCount(dataset.images)}.` : '.'),
    ...(transparentImages ? [`${imageCount(transparentImages)} with transparency over mid grey.`] : []),
    ...(dataset.labels ? [`Labels: ${classesText(dataset.labels.classes)}.`] : []),
    ...whitened(dataset),
    ...remarks.map((remark) => printableLine(remark)),
    ...(skipped.length > 0
      ? [`Left out, ${skipped.length} ${skipped.length === 1 ? 'file' : 'files'}:`]
      : []),
    ...skipped.map(({ file, reason }) => `  ${printableLine(`${file}: ${reason}`)}`),
  ]
  const { name, patches, visible, labels } = dataset
  return {
    json: { datasetId: id, name, patches, visible, labels, transparentImages, remarks, skipped },
    text: lines.join('\n'),
  }
}
