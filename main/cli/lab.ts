import module from 'node:module'
import { reportError, runCommandLine } from './runCommandLine.ts'

// From a checkout, most of a short command's time would go into compiling the same files each time.
if (import.meta.main) module.enableCompileCache()

// What no command expected: Node would print it as it is, and it may hold names out of files.
process.on('uncaughtException', (error) => {
  reportError(error)
  process.exit()
})

// An Electron's Node has its arguments in the same places.
await runCommandLine(process.argv.slice(2))
