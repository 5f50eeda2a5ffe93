import type { DatasetDetail, ValueStatistics } from '#shared/domain/dataset.ts'
import { classesText } from '#shared/domain/labels.ts'
import { normalisationText } from '#shared/domain/normalisationText.ts'
import type { DependentRun } from '#db/queries/datasets.ts'
import type { Output } from './command.ts'
import { fixed, imageCount, pairs, table } from './text.ts'

const megabytes = (sizeBytes: number) => `${(sizeBytes / 1e6).toFixed(1)} MB`

/** A dataset as `lab dataset` shows it: everything but pixels. */
export function datasetCard(dataset: DatasetDetail, runs: readonly DependentRun[]): Output {
  const { imagesList, preview: _preview, ...rest } = dataset
  const json = {
    ...rest,
    imagesList: imagesList.map(({ thumbnail: _thumbnail, ...image }) => image),
    usedBy: runs,
  }
  return { json, text: [facts(dataset), ...spectrumText(dataset), ...runsText(runs)].join('\n\n') }
}

function facts(dataset: DatasetDetail): string {
  const { statistics, patchSize, visible, channels } = dataset
  const entries: [string, string | number][] = [
    ['Dataset', `${dataset.id} "${dataset.name}"`],
    ['From', dataset.origin],
    ['Patches', `${dataset.patches} of ${patchSize ? `${patchSize} x ${patchSize} x ${channels}` : visible}`],
    ['Images', dataset.images === 0 ? '–' : `${dataset.images}, ${dataset.skipped} left out`],
    ['Normalised', normalisationText(dataset.normalisation)],
    ['Seed', dataset.seed],
    ['On disk', megabytes(dataset.storedBytes)],
  ]
  if (dataset.labels) entries.push(['Labels', classesText(dataset.labels.classes)])
  if (dataset.columnNames) entries.push(['Columns', columnsText(dataset.columnNames)])
  if (dataset.importRemarks.length > 0) entries.push(['On import', dataset.importRemarks.join('\n')])
  if (statistics.transparentImages)
    entries.push(['Transparency', `${imageCount(statistics.transparentImages)} over mid grey`])
  if (dataset.derivedFrom)
    entries.push(['Derived from', `${dataset.derivedFrom.id} "${dataset.derivedFrom.name}"`])
  if (statistics.before) entries.push(['Before', valuesText(statistics.before)])
  entries.push(['Values', valuesText(statistics.after)])
  if (statistics.contrast) entries.push(['Contrast', `${fixed(statistics.contrast.mean)} a patch on average`])
  if (statistics.clippedShare !== null) {
    entries.push([
      'Clipped',
      `${fixed(100 * statistics.clippedShare, 2)} % at ±${fixed(statistics.threeSigma)}`,
    ])
  }
  const { whitening } = statistics
  if (whitening) {
    entries.push([
      'Whitening',
      `${whitening.components} of ${whitening.eigenvalues.length} components, ${fixed(100 * whitening.keptVariance, 1)} % of the variance`,
    ])
  }
  if (dataset.notes !== '') entries.push(['Notes', dataset.notes])
  return pairs(entries)
}

const columnsText = (names: readonly string[], most = 12) =>
  names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '')

const valuesText = ({ mean, deviation }: ValueStatistics) =>
  `mean ${fixed(mean)}, deviation ${fixed(deviation)}`

function spectrumText({ statistics: { spectrum } }: DatasetDetail): string[] {
  if (!spectrum) return []
  const { frequencies, before, after } = spectrum
  const shown = (power: number[] | null, at: number) => (power === null ? '–' : power[at].toExponential(2))
  const rows = frequencies.map((frequency, at) => [frequency.toFixed(3), shown(before, at), shown(after, at)])
  return [`Power by cycles per pixel:\n${table(['frequency', 'before', 'after'], rows)}`]
}

function runsText(runs: readonly DependentRun[]): string[] {
  if (runs.length === 0) return ['No run uses it.']
  return [
    table(
      ['used by', 'name', 'status'],
      runs.map(({ id, name, status }) => [id, name, status]),
    ),
  ]
}
