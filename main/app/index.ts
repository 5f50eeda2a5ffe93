import { app, dialog } from 'electron'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { toErrorReply } from '#shared/domain/labError.ts'
import { readArguments, type LabArguments } from './arguments.ts'
import { profileOf } from './profile.ts'
import { registerScheme } from './protocol.ts'
import { startLab } from './startLab.ts'

/** Before Electron is ready: what can only be said then. Starts nothing if the library has its window already. */
function open(given: LabArguments): void {
  // Together with --no-sandbox, which root needs, every child would crash at its start.
  if (given.sandbox) app.enableSandbox()
  registerScheme()
  const home = app.getPath('userData')
  const { library, userData } = profileOf(home, given.library)
  mkdirSync(userData, { recursive: true })
  app.setPath('userData', userData)
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  void app
    .whenReady()
    .then(() =>
      startLab({
        library,
        userData,
        settingsPath: join(home, 'settings.json'),
        windowSize: given.windowSize,
      }),
    )
    .catch((error: unknown) => {
      const { message } = toErrorReply(error)
      process.stderr.write(`${message}\n`)
      dialog.showErrorBox('Rho Lab cannot start', message)
      app.exit(1)
    })
}

try {
  open(readArguments(process.argv))
} catch (error) {
  process.stderr.write(`${toErrorReply(error).message}\n`)
  app.exit(2)
}
