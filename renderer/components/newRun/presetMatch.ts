import type { DatasetSummary } from '#shared/domain/dataset.ts'
import type { Preset } from '#shared/domain/presets.ts'

const kindOf = (dataset: DatasetSummary): Preset['data']['kind'] =>
  dataset.kind === 'noise' ? 'noise' : 'natural'

const rangeOf = (dataset: Pick<DatasetSummary, 'normalisation'>): string => {
  const { normalisation } = dataset
  const { kind } = normalisation
  if (kind === 'squash') return `squash ${normalisation.range}`
  return kind === 'zca' || kind === 'pca' ? `${kind} ${normalisation.mean ?? 'patch'}` : kind
}

/** The newest dataset that a preset was made for, else null. */
export function datasetFor(preset: Preset, datasets: readonly DatasetSummary[]): DatasetSummary | null {
  const { data } = preset
  return (
    datasets.find(
      (dataset) =>
        dataset.patchSize === data.patchSize &&
        dataset.channels === data.channels &&
        rangeOf(dataset) === rangeOf(data) &&
        (data.kind === 'noise') === (kindOf(dataset) === 'noise'),
    ) ?? null
  )
}
