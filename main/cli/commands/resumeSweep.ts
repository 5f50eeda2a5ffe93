import { findSweep } from '#db/queries/sweeps.ts'
import type { ParallelChoice } from '#shared/domain/queueState.ts'
import { carryOutSweep } from '../carryOutSweep.ts'
import { labCommand } from '../command.ts'
import { parallelOption } from '../parallelOption.ts'

export const resumeSweepCommand = labCommand<{ parallel: ParallelChoice }>(
  'resume-sweep <sweep>',
  'go on with a sweep that was stopped or interrupted: its waiting runs, and those that kept a checkpoint',
  ([name], { parallel }, context) => {
    const sweep = findSweep(context.library(), name)
    return carryOutSweep(context, parallel, (sweeps) => {
      sweeps.resume(sweep.id)
      return sweep.id
    })
  },
).addOption(parallelOption())
