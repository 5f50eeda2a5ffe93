import { findRun, requestStop } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { isUnderWay } from '#shared/domain/run.ts'
import { labCommand } from '../command.ts'

export const stopCommand = labCommand<{ now?: boolean }>(
  'stop <run>',
  'ask a run, in the window or another terminal, to checkpoint and stop',
  ([name], { now: atOnce = false }, context) => {
    const run = findRun(context.library(), name)
    if (!isUnderWay(run.status)) {
      throw new LabError('conflict', `Run ${run.id} "${run.name}" is ${run.status}, not running.`)
    }
    requestStop(context.library(), run.id, atOnce)
    const when = atOnce ? 'is ended within two seconds' : 'stops after its iteration, within a few seconds'
    return {
      json: { runId: run.id, stopRequested: true, atOnce },
      text: `Run ${run.id} "${run.name}" ${run.status === 'queued' ? 'is out of the queue' : when}.`,
    }
  },
).option('--now', 'end its session at once; it can be resumed from its last checkpoint')
