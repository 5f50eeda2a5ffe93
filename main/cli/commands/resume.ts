import { findRun } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { transitions } from '#shared/domain/run.ts'
import { carryOut } from '../carryOut.ts'
import { labCommand } from '../command.ts'

export const resumeCommand = labCommand(
  'resume <run>',
  'go on with a run that was stopped or interrupted, exactly where its checkpoint stands',
  async ([name], _options, context) => {
    const run = findRun(context.library(), name)
    if (!transitions[run.status].includes('running')) {
      throw new LabError(
        'conflict',
        `Run ${run.id} "${run.name}" is ${run.status}; there is nothing to resume.`,
      )
    }
    return carryOut(run.id, context)
  },
)
