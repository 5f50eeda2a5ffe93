import { Option } from 'commander'
import { findRun } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import { transitions } from '#shared/domain/run.ts'
import { engineChoices, type EngineChoice } from '#shared/domain/runConfig.ts'
import { carryOut } from '../carryOut.ts'
import { labCommand } from '../command.ts'

interface Options {
  engine?: EngineChoice
}

export const resumeCommand = labCommand<Options>(
  'resume <run>',
  'go on with a run that was stopped or interrupted, exactly where its checkpoint stands',
  async ([name], { engine }, context) => {
    const run = findRun(context.library(), name)
    if (!transitions[run.status].includes('running')) {
      throw new LabError(
        'conflict',
        `Run ${run.id} "${run.name}" is ${run.status}; there is nothing to resume.`,
      )
    }
    return carryOut(run.id, context, engine)
  },
).addOption(
  new Option('--engine <name>', 'who computes from here on (default: as before)').choices(engineChoices),
)
