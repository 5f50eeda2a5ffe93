import os from 'node:os'
import path from 'node:path'

/** The library folder that the app uses too: `library` in Electron's user-data folder for "Rho Lab". */
export function defaultLibraryFolder(
  platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home = os.homedir(),
): string {
  const base =
    platform === 'darwin'
      ? path.join(home, 'Library', 'Application Support')
      : platform === 'win32'
        ? environment.APPDATA || path.join(home, 'AppData', 'Roaming')
        : environment.XDG_CONFIG_HOME || path.join(home, '.config')
  return path.join(base, 'Rho Lab', 'library')
}
