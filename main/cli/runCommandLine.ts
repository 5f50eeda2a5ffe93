import { Command, CommanderError } from 'commander'
import { isUserError, toErrorReply } from '#shared/domain/labError.ts'
import { printable } from '#shared/text/printable.ts'
import { commands } from './commands.ts'
import { printProblem } from './terminal.ts'
import { version } from './version.ts'

/**
 * Carries out one command of the command line: prints what it has to say and sets `process.exitCode` (0 done, 1 failed,
 * 2 what the user can mend, 130 stopped by Ctrl-C). Never throws.
 * @param args  what a user writes after `lab`
 */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const program = new Command('lab')
    .description('Rho Lab: train and compare sparse autoencoders. The same library as the window.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(printable(text.replace(/^error: /, 'lab: '))) })
    .showHelpAfterError('(lab <command> --help says what it takes)')
  try {
    // By its name alone where it is called by that; whoever asks for help, or mistypes, is told of all.
    const wanted = Object.hasOwn(commands, args[0]) ? [commands[args[0]]] : Object.values(commands)
    for (const command of await Promise.all(wanted.map((load) => load())))
      program.addCommand(command.copyInheritedSettings(program).exitOverride())
    await program.exitOverride().parseAsync(args, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong; help and version are no errors.
      process.exitCode = error.exitCode === 0 ? 0 : 2
    } else reportError(error)
  }
}

/** Says in one sentence why a command failed, and sets `process.exitCode`. */
export function reportError(error: unknown): void {
  const { code, message } = toErrorReply(error)
  printProblem(message)
  process.exitCode = code === 'stopped' ? 130 : isUserError(code) ? 2 : 1
}
