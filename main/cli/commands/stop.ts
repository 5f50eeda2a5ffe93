import { findRun, requestStop } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand } from '../command.ts'

export const stopCommand = labCommand(
  'stop <run>',
  'ask a running run, in the window or another terminal, to checkpoint and stop',
  ([name], _options, context) => {
    const run = findRun(context.library(), name)
    if (run.status !== 'running') {
      throw new LabError('conflict', `Run ${run.id} "${run.name}" is ${run.status}, not running.`)
    }
    requestStop(context.library(), run.id)
    return {
      json: { runId: run.id, stopRequested: true },
      text: `Run ${run.id} "${run.name}" stops after its iteration, within a few seconds.`,
    }
  },
)
