import type { ImportProgress } from '#shared/domain/dataset.ts'
import { formatCount } from '../../format/number.ts'

const stages: Record<ImportProgress['stage'], string> = {
  listing: 'Listing files',
  reading: 'Reading images',
  normalising: 'Normalising patches',
  writing: 'Writing the dataset',
}

/** "Reading images, 12 of 13 (1 left out)"; images that are generated are made, not read. */
export function stageText({ stage, done, total, skipped }: ImportProgress, isGenerating = false): string {
  const counts =
    total > 0 ? `, ${formatCount(done)} of ${formatCount(total)}` : done > 0 ? `, ${formatCount(done)}` : ''
  const left = skipped > 0 ? ` (${formatCount(skipped)} left out)` : ''
  const name = isGenerating && stage === 'reading' ? 'Making images' : stages[stage]
  if (stage === 'listing' && done === 0 && total > 0) return `${name}, ${formatCount(total)} found`
  return `${name}${counts}${left}`
}
