import {
  findDataset,
  getDataset,
  listRunsOf,
  removeDataset,
  renameDataset,
  setDatasetNotes,
} from '#db/queries/datasets.ts'
import { removeRuns } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand, type Context, type Output } from '../command.ts'
import { datasetCard } from '../datasetCard.ts'

interface Options {
  rename?: string
  notes?: string
  remove?: boolean
  withRuns?: boolean
}

export const datasetCommand = labCommand<Options>(
  'dataset <dataset>',
  'show a dataset: statistics, where it came from, what uses it; rename, note or remove it',
  ([what], options, context) => {
    const library = context.library()
    const { id } = findDataset(library, what)
    if (options.remove) return remove(context, id, options.withRuns === true)
    if (options.withRuns) throw new LabError('badUsage', '--with-runs belongs to --remove. Leave it out.')
    if (options.rename !== undefined) renameDataset(library, id, options.rename)
    if (options.notes !== undefined) setDatasetNotes(library, id, options.notes)
    return datasetCard(getDataset(library, id), listRunsOf(library, id))
  },
)
  .option('--rename <name>', 'give it another name')
  .option('--notes <text>', 'replace its notes')
  .option('--remove', 'remove it from the library; the images it was made from stay where they are')
  .option('--with-runs', 'with --remove: the runs that learned from it, too')

function remove(context: Context, id: number, withRuns: boolean): Output {
  const library = context.library()
  const { name } = getDataset(library, id)
  const runs = listRunsOf(library, id)
  if (withRuns) {
    removeRuns(
      library,
      runs.map((run) => run.id),
    )
  }
  removeDataset(library, id)
  const removedRuns = withRuns ? runs.map((run) => run.id) : []
  const and = removedRuns.length === 0 ? '' : ` and ${removedRuns.length} runs`
  return { json: { removed: id, removedRuns }, text: `Removed dataset ${id} "${name}"${and}.` }
}
