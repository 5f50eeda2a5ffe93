import { Command, CommanderError } from 'commander'
import { isUserError, toErrorReply } from '#shared/domain/labError.ts'
import { benchCommand } from './commands/bench.ts'
import { bundleCommand } from './commands/bundle.ts'
import { cleanCommand } from './commands/clean.ts'
import { compareCommand } from './commands/compare.ts'
import { continueCommand } from './commands/continue.ts'
import { datasetCommand } from './commands/dataset.ts'
import { datasetsCommand } from './commands/datasets.ts'
import { demoCommand } from './commands/demo.ts'
import { deriveCommand } from './commands/derive.ts'
import { enginesCommand } from './commands/engines.ts'
import { evaluateCommand } from './commands/evaluate.ts'
import { exportCommand } from './commands/export.ts'
import { generateCommand } from './commands/generate.ts'
import { gradcheckCommand } from './commands/gradcheck.ts'
import { importCommand } from './commands/import.ts'
import { importWeightsCommand } from './commands/importWeights.ts'
import { openCommand } from './commands/open.ts'
import { pauseCommand } from './commands/pause.ts'
import { queueCommand } from './commands/queue.ts'
import { reportCommand } from './commands/report.ts'
import { rescueCommand } from './commands/rescue.ts'
import { resumeCommand } from './commands/resume.ts'
import { rmCommand } from './commands/rm.ts'
import { runsCommand } from './commands/runs.ts'
import { showCommand } from './commands/show.ts'
import { resumeSweepCommand } from './commands/resumeSweep.ts'
import { stopCommand } from './commands/stop.ts'
import { stopSweepCommand } from './commands/stopSweep.ts'
import { sweepCommand } from './commands/sweep.ts'
import { sweepsCommand } from './commands/sweeps.ts'
import { trainCommand } from './commands/train.ts'
import { version } from './version.ts'

const program = new Command('lab')
  .description('Rho Lab: train and compare sparse autoencoders. The same library as the window.')
  .version(version)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'lab: ')) })
  .showHelpAfterError('(lab <command> --help says what it takes)')

const commands = [
  importCommand,
  importWeightsCommand,
  generateCommand,
  datasetsCommand,
  datasetCommand,
  deriveCommand,
  trainCommand,
  sweepCommand,
  sweepsCommand,
  resumeSweepCommand,
  stopSweepCommand,
  evaluateCommand,
  gradcheckCommand,
  runsCommand,
  showCommand,
  compareCommand,
  queueCommand,
  pauseCommand,
  continueCommand,
  resumeCommand,
  stopCommand,
  rmCommand,
  cleanCommand,
  rescueCommand,
  exportCommand,
  reportCommand,
  bundleCommand,
  openCommand,
  enginesCommand,
  benchCommand,
  demoCommand,
]
for (const command of commands) program.addCommand(command.copyInheritedSettings(program).exitOverride())
program.exitOverride()

try {
  // Said so that an Electron's Node reads its arguments in the same places.
  await program.parseAsync(process.argv, { from: 'node' })
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said what is wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : 2
  } else {
    const { code, message } = toErrorReply(error)
    process.stderr.write(`lab: ${message}\n`)
    process.exitCode = code === 'stopped' ? 130 : isUserError(code) ? 2 : 1
  }
}
