import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ElectronUnavailable } from './chooseElectron.ts'

const EXECUTABLE_OF: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}

/**
 * The Electron that the environment names: ELECTRON_EXEC_PATH a file, as electron-vite has it, or
 * ELECTRON_OVERRIDE_DIST_PATH a folder, as the `electron` package has it.
 */
export function overrideElectron(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const file = env['ELECTRON_EXEC_PATH']
  const folder = env['ELECTRON_OVERRIDE_DIST_PATH']
  const executable =
    file || (folder && join(folder, EXECUTABLE_OF[process.platform] ?? 'electron')) || undefined
  if (executable !== undefined && !existsSync(executable)) {
    const variable = file ? 'ELECTRON_EXEC_PATH' : 'ELECTRON_OVERRIDE_DIST_PATH'
    throw new ElectronUnavailable(
      `${variable} names no Electron: ${executable} does not exist; correct it or unset it.`,
    )
  }
  return executable
}
