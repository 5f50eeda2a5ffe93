import { app, utilityProcess } from 'electron'
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beginPart, endPart } from '#db/unfinished.ts'

/**
 * Carries out a command of the command line in a Node process of the app's, on this terminal, without a window.
 * Ends the app with the command's exit code.
 */
export async function runLabCommand(args: readonly string[]): Promise<void> {
  // A profile of its own: many commands may run at once, beside the window.
  const profile = beginPart(tmpdir())
  mkdirSync(profile, { mode: 0o700 })
  app.setPath('userData', profile)
  app.disableHardwareAcceleration()
  app.dock?.hide()
  await app.whenReady()
  // Ctrl-C reaches the command by the terminal itself, and it may want to keep a checkpoint first. Not before Electron
  // is ready: it has its own handlers by then, which would end the app.
  process.on('SIGINT', () => {})
  const path = join(app.getAppPath(), 'out', 'main', 'lab.js')
  const child = utilityProcess.fork(path, [...args], { stdio: 'inherit', serviceName: 'Rho Lab command' })
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void child.kill())
  child.once('exit', (exitCode) => {
    endPart(profile)
    app.exit(exitCode)
  })
}
