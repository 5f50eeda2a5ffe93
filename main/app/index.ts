import { app, dialog } from 'electron'
import { existsSync, mkdirSync } from 'node:fs'
import inspector from 'node:inspector'
import { join } from 'node:path'
import { isUserError, toErrorReply } from '#shared/domain/labError.ts'
import { printableLine } from '#shared/text/printable.ts'
import { labCommand, readArguments, type LabArguments } from './arguments.ts'
import { runLabCommand } from './labCommand.ts'
import { openLibraries } from './libraries.ts'
import { offerWayOut } from './offerWayOut.ts'
import { listenForFiles } from './openedFiles.ts'
import { profileOf } from './profile.ts'
import { registerScheme } from './protocol.ts'
import { startLab } from './startLab.ts'

/** Before Electron is ready: what can only be said then. Starts nothing if the library has its window already. */
function open(given: LabArguments): void {
  // Together with --no-sandbox, which root needs, every child would crash at its start.
  if (given.sandbox) app.enableSandbox()
  registerScheme()
  const home = app.getPath('userData')
  const libraries = openLibraries(join(home, 'libraries.json'))
  const remembered = given.library === null ? libraries.current() : null
  const missing = remembered !== null && !existsSync(join(remembered, 'library.sqlite')) ? remembered : null
  const { library, userData } = profileOf(home, given.library ?? (missing === null ? remembered : null))
  mkdirSync(userData, { recursive: true })
  app.setPath('userData', userData)
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  const openedFiles = listenForFiles(process.argv)
  void app
    .whenReady()
    .then(() =>
      startLab({
        library,
        userData,
        settingsPath: join(home, 'settings.json'),
        windowSize: given.windowSize,
        openedFiles,
        libraries,
      }),
    )
    .then(() => {
      if (missing !== null) {
        dialog.showErrorBox(
          'Another library is open',
          `${missing} is not there, so the library of the profile was opened. Connect the drive and start again, or choose File, Open library.`,
        )
      }
    })
    .catch(async (error: unknown) => {
      const reply = toErrorReply(error)
      // Not a second time: the app could never be started again.
      if (remembered !== null) libraries.forgetCurrent()
      process.stderr.write(`${printableLine(reply.message)}\n`)
      if (isUserError(reply.code)) await offerWayOut(library, libraries, reply)
      else dialog.showErrorBox('Rho Lab cannot start', reply.message)
      app.exit(1)
    })
}

if (app.isPackaged) {
  // It names a native library to load: for tests from a checkout, not for whoever sets an installed app's environment.
  delete process.env.RHO_LAB_SQLITE_BINDING
  // Its windows are as closed to debuggers as main is, by a fuse.
  if (inspector.url() === undefined)
    for (const door of ['remote-debugging-port', 'remote-debugging-pipe']) app.commandLine.removeSwitch(door)
}

try {
  const command = labCommand(process.argv)
  if (command) void runLabCommand(command)
  else open(readArguments(process.argv))
} catch (error) {
  process.stderr.write(`${printableLine(toErrorReply(error).message)}\n`)
  app.exit(2)
}
