import module from 'node:module'
import { runCommandLine } from './runCommandLine.ts'

// From a checkout, most of a short command's time would go into compiling the same files each time.
if (import.meta.main) module.enableCompileCache()

// An Electron's Node has its arguments in the same places.
await runCommandLine(process.argv.slice(2))
