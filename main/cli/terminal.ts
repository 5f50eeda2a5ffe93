import { printable, printableLine } from '#shared/text/printable.ts'

// The only place where the command line writes. What it says may hold names out of files, databases and JSON: none of
// them steers a terminal, whichever stream goes to one.

/** What a command answers: text of several lines, or a document of JSON, which stays the same document. */
export const printOutput = (text: string): void => void process.stdout.write(`${printable(text)}\n`)

/** One sentence: what is wrong. */
export const printProblem = (message: string): void =>
  void process.stderr.write(`lab: ${printableLine(message)}\n`)

/** What stands there until it is said anew: on a terminal alone. */
export function overwriteLine(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`\r\u001b[2K${printableLine(line).slice(0, (stream.columns ?? 100) - 1)}`)
}
