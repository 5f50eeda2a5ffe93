import { findRun, removeRuns } from '#db/queries/runs.ts'
import { labCommand } from '../command.ts'

export const rmCommand = labCommand(
  'rm <run...>',
  'remove runs from the library',
  (names, _options, context) => {
    const library = context.library()
    const runs = names.map((name) => findRun(library, name))
    removeRuns(
      library,
      runs.map(({ id }) => id),
    )
    return {
      json: { removed: runs.map(({ id }) => id) },
      text: runs.map((run) => `Removed run ${run.id} "${run.name}".`).join('\n'),
    }
  },
)
