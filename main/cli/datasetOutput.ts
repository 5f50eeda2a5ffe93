import type { Library } from '#db/library.ts'
import { getDataset } from '#db/queries/datasets.ts'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import type { Output } from './command.ts'
import type { ProgressBar } from './progressBar.ts'

const stageNames: Record<ImportProgress['stage'], string> = {
  listing: 'Listing files',
  reading: 'Reading images',
  normalising: 'Normalising patches',
  writing: 'Writing',
}

export const onImportProgress = (bar: ProgressBar) => (progress: ImportProgress) =>
  bar.show(
    progress.done,
    progress.total,
    `${stageNames[progress.stage]} ${progress.done} of ${progress.total}`,
  )

/** What `import` and `generate` answer with: the dataset that is now there, and the files left out. */
export function datasetOutput(library: Library, id: number): Output {
  const dataset = getDataset(library, id)
  const skipped = dataset.skippedFiles
  const lines = [
    `Dataset ${id} "${dataset.name}": ${dataset.patches} patches of ${dataset.visible} pixels` +
      (dataset.images > 0 ? ` from ${dataset.images} images.` : '.'),
    ...(skipped.length > 0 ? [`${skipped.length} files could not be read and were left out:`] : []),
    ...skipped.map(({ file, reason }) => `  ${file}: ${reason}`),
  ]
  const { name, patches, visible } = dataset
  return { json: { datasetId: id, name, patches, visible, skipped }, text: lines.join('\n') }
}
