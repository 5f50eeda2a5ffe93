import { findSweep } from '#db/queries/sweeps.ts'
import { stopSweep } from '#main/sweep/stopSweep.ts'
import { labCommand } from '../command.ts'

export const stopSweepCommand = labCommand(
  'stop-sweep <sweep>',
  'stop a sweep, in the window or another terminal: its waiting runs at once, a running one with a checkpoint',
  ([name], _options, context) => {
    const sweep = findSweep(context.library(), name)
    stopSweep(context.library(), sweep.id)
    return {
      json: { sweepId: sweep.id, stopRequested: true },
      text: `Sweep ${sweep.id} "${sweep.name}" stops within a few seconds. Go on with: lab resume-sweep ${sweep.id}`,
    }
  },
)
