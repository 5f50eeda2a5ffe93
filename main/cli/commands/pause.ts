import { requestPause } from '#db/queries/queue.ts'
import { findRun } from '#db/queries/runs.ts'
import { labCommand } from '../command.ts'

export const pauseCommand = labCommand(
  'pause <run>',
  'ask a run, in the window or another terminal, to let the processor go; it keeps its process and its turn',
  ([name], _options, context) => {
    const run = findRun(context.library(), name)
    requestPause(context.library(), run.id, true)
    return {
      json: { runId: run.id, pauseRequested: true },
      text: `Run ${run.id} "${run.name}" pauses after its iteration, within a few seconds. Go on with: lab continue ${run.id}`,
    }
  },
)
