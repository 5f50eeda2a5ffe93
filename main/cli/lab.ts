import module from 'node:module'
import { Command, CommanderError } from 'commander'
import { isUserError, toErrorReply } from '#shared/domain/labError.ts'
import { commands } from './commands.ts'
import { printable } from '#shared/text/printable.ts'
import { printProblem } from './terminal.ts'
import { version } from './version.ts'

const program = new Command('lab')
  .description('Rho Lab: train and compare sparse autoencoders. The same library as the window.')
  .version(version)
  .configureOutput({ outputError: (text, write) => write(printable(text.replace(/^error: /, 'lab: '))) })
  .showHelpAfterError('(lab <command> --help says what it takes)')

// From a checkout, most of a short command's time would go into compiling the same files each time.
if (import.meta.main) module.enableCompileCache()

// By its name alone where it is called by that; whoever asks for help, or mistypes, is told of all.
const [named] = process.argv.slice(2)
const wanted = Object.hasOwn(commands, named) ? [commands[named]] : Object.values(commands)
for (const command of await Promise.all(wanted.map((load) => load())))
  program.addCommand(command.copyInheritedSettings(program).exitOverride())
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
    printProblem(message)
    process.exitCode = code === 'stopped' ? 130 : isUserError(code) ? 2 : 1
  }
}
