import { requestPause } from '#db/queries/queue.ts'
import { findRun } from '#db/queries/runs.ts'
import { labCommand } from '../command.ts'

export const continueCommand = labCommand(
  'continue <run>',
  'ask the process of a paused run to go on with it',
  ([name], _options, context) => {
    const run = findRun(context.library(), name)
    requestPause(context.library(), run.id, false)
    return {
      json: { runId: run.id, continueRequested: true },
      text: `Run ${run.id} "${run.name}" goes on within a few seconds.`,
    }
  },
)
