import type { RunOwner } from '#db/owner.ts'
import { listQueue } from '#db/queries/queue.ts'
import { labCommand } from '../command.ts'
import { table } from '../text.ts'

export const queueCommand = labCommand(
  'queue',
  'what trains and what waits in the library, in the window and in terminals; pause, continue, stop act on it',
  (_args, _options, context) => {
    const runs = listQueue(context.library())
    const rows = runs.map((run) => [
      run.runId,
      run.name,
      run.status,
      run.place ?? '',
      `${run.iterations}/${run.plannedIterations}`,
      run.datasetName,
      processText(run.process),
    ])
    return {
      json: runs,
      text:
        rows.length > 0
          ? table(['id', 'name', 'status', 'place', 'iterations', 'dataset', 'process'], rows)
          : 'Nothing trains and nothing waits.',
    }
  },
)

const processText = (owner: RunOwner | null): string =>
  owner === null
    ? '–'
    : `${owner.program === 'window' ? 'window' : 'command line'}, pid ${owner.pid} on ${owner.host}`
