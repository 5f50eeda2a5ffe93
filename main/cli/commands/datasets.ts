import { listDatasets } from '#db/queries/datasets.ts'
import { labCommand } from '../command.ts'
import { table } from '../text.ts'

export const datasetsCommand = labCommand('datasets', 'list the datasets', (_args, _options, context) => {
  const datasets = listDatasets(context.library())
  const rows = datasets.map((dataset) => [
    dataset.id,
    dataset.name,
    dataset.kind,
    dataset.patches,
    dataset.patchSize ? `${dataset.patchSize} x ${dataset.patchSize} x ${dataset.channels}` : dataset.visible,
    dataset.normalisation.kind,
    dataset.runs,
  ])
  const head = ['id', 'name', 'kind', 'patches', 'pixels', 'normalised', 'runs']
  const text = rows.length > 0 ? table(head, rows) : 'No datasets yet. Import a folder: lab import FOLDER'
  return { json: datasets, text }
})
