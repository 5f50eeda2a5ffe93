import { getDataset } from '#db/queries/datasets.ts'
import { getRun } from '#db/queries/runs.ts'
import { readBundle } from '#main/export/bundle/readBundle.ts'
import { labCommand } from '../command.ts'

export const openCommand = labCommand(
  'open <file>',
  'take the runs of a bundle into the library',
  async ([file], _options, context) => {
    const library = context.library(true)
    const opened = await readBundle(library, file, context.interrupted)
    const runs = opened.runIds.map((id) => ({ id, name: getRun(library, id).name }))
    const datasets = opened.datasets.map((dataset) => ({
      ...dataset,
      name: getDataset(library, dataset.id).name,
    }))
    const text = [
      ...runs.map(({ id, name }) => `Run ${id} "${name}"`),
      ...datasets.map(({ id, name, isNew, hasPatches }) => {
        const how = isNew ? (hasPatches ? 'with its patches' : 'without its patches') : 'was here already'
        return `Dataset ${id} "${name}", ${how}`
      }),
    ].join('\n')
    return { json: { runs, datasets }, text }
  },
)
