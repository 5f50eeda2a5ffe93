import { chooseElectron, type ResolvedElectron } from './electron/chooseElectron.ts'
import { FALLBACK_VERSION, fallbackElectron } from './electron/fallbackElectron.ts'
import { officialElectron } from './electron/officialElectron.ts'
import { overrideElectron } from './electron/overrideElectron.ts'
import { sqliteBinding } from './electron/sqliteBinding.ts'

export interface ElectronChoice {
  /** Whether the fallback may be taken where the official Electron cannot be had. */
  readonly allowFallback: boolean
  /** Whether tools that building for the fallback needs may be installed (as root, on Debian). */
  readonly installMissing?: boolean
}

const ORIGIN = {
  override: 'named by the environment',
  official: 'official',
  fallback: `fallback ${FALLBACK_VERSION}, for development and tests only`,
} as const

/**
 * The Electron to run here; says on standard error which it took.
 * @throws ElectronUnavailable, or an Error that says why the fallback could not be had.
 */
export async function resolveElectron({
  allowFallback,
  installMissing = false,
}: ElectronChoice): Promise<ResolvedElectron> {
  const electron = await chooseElectron(
    {
      override: () => overrideElectron(),
      // Where nothing else will do, a failure of this morning is no reason not to try again.
      official: () => officialElectron(!allowFallback),
      fallback: async () => ({
        executable: await fallbackElectron(),
        sqliteBinding: await sqliteBinding(installMissing),
      }),
    },
    allowFallback,
  )
  process.stderr.write(`Electron (${ORIGIN[electron.origin]}): ${electron.executable}\n`)
  return electron
}
