import { Command } from 'commander'
import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { openForReading } from '#db/openForReading.ts'
import { markInterrupted } from '#db/queries/runs.ts'
import { removeTelemetryLeftovers } from '#db/telemetryLeftovers.ts'
import { sweepNotedParts } from '#db/unfinished.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { defaultLibraryFolder } from './defaultLibrary.ts'
import { createProgressBar, type ProgressBar } from './progressBar.ts'
import { printOutput, printProblem } from './terminal.ts'

/** What a command says: one JSON document for programs, or text for people. */
export interface Output {
  json: unknown
  text: string
  /** 0 unless said. */
  exitCode?: number
}

export interface Context {
  /**
   * Opened at first use, closed after the command.
   * @param create  makes it where there is none: for what brings the first data in
   * @throws LabError notFound where there is none
   */
  library(create?: boolean): Library
  libraryFolder: string
  progress: ProgressBar
  json: boolean
  /** Aborted by Ctrl-C; the command checkpoints, says what stands and ends with 130. */
  interrupted: AbortSignal
}

interface CommonOptions {
  library?: string
  json?: boolean
}

/**
 * A command with the options that every command has.
 * @param usage  name and arguments, e.g. "show <run>"
 * @param act    arguments, options and context in; what to print out
 */
export function labCommand<Options>(
  usage: string,
  description: string,
  act: (args: string[], options: Options, context: Context) => Promise<Output> | Output,
): Command {
  const [name, ...parameters] = usage.split(' ')
  const command = new Command(name)
  for (const parameter of parameters) command.argument(parameter)
  return command
    .description(description)
    .option('--library <folder>', 'folder of the library (default: the one of the app)')
    .option('--json', 'print one JSON document to standard output and nothing else there')
    .action(async function (this: Command) {
      const options = this.opts<CommonOptions & Options>()
      const folder = options.library ?? defaultLibraryFolder()
      const interrupt = new AbortController()
      const progress = createProgressBar()
      let library: Library | null = null
      const context: Context = {
        library(create = false) {
          if (!library) {
            library = openForReading(folder, { create })
            noteInterrupted(library)
            const removed = removeTelemetryLeftovers()
            // For people: a program that reads errors would take it for one.
            if (removed !== null && process.stderr.isTTY) printProblem(removed)
          }
          return library
        },
        libraryFolder: folder,
        progress,
        json: options.json === true,
        interrupted: interrupt.signal,
      }
      const onSignal = (signal: NodeJS.Signals) => {
        if (!interrupt.signal.aborted) return interrupt.abort()
        // The second one is for a user who will not wait for the checkpoint. `process.exit` would end the session's
        // thread in the middle of what ONNX Runtime computes, which aborts with words for nobody.
        process.removeAllListeners(signal)
        process.kill(process.pid, signal)
      }
      process.on('SIGINT', onSignal)
      process.on('SIGTERM', onSignal)
      try {
        await sweepNotedParts()
        const output = await act(this.args, options, context)
        progress.clear()
        printOutput(context.json ? JSON.stringify(output.json, replaceNotFinite, 2) : output.text)
        // An attempt to change it has said so itself.
        const obstacle = (library as Library | null)?.obstacle
        if (obstacle) printProblem(obstacle)
        process.exitCode = interrupt.signal.aborted ? 130 : (output.exitCode ?? 0)
      } finally {
        progress.clear()
        process.off('SIGINT', onSignal)
        process.off('SIGTERM', onSignal)
        ;(library as Library | null)?.close()
      }
    })
}

/** Marks the runs that nobody trains any more; a full disk or a busy library hinders nobody from reading. */
function noteInterrupted(library: Library): void {
  try {
    markInterrupted(library, momentNow())
  } catch (error) {
    if (!['diskFull', 'libraryBusy'].includes(toErrorReply(error).code)) throw error
  }
}

// JSON has no NaN; null says "no number" to every reader.
const replaceNotFinite = (_key: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value)
    ? null
    : ArrayBuffer.isView(value)
      ? Array.from(value as Float64Array)
      : value
