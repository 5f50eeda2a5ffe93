import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isOnPath } from '../../scripts/command.ts'
import { FALLBACK_VERSION } from '../../scripts/electron/fallbackElectron.ts'
import { packageApp } from '../../scripts/packaging/packageApp.ts'
import { makeTarball } from '../../scripts/packaging/tarball.ts'

export interface PackagedLab {
  /** As electron-builder left it. */
  readonly folder: string
  /** The app as somebody has it who unpacked the .tar.gz. */
  readonly executable: string
  /** The command `rho-lab` of the same. */
  readonly command: string
  readonly archive: string
  /** null where there is no dpkg-deb to make it. */
  readonly deb: string | null
  /** A copy that may be inspected, which Playwright needs and a release forbids. */
  inspectable(): Promise<string>
  remove(): void
}

/** The Electron under test, as the packaging takes it. */
function unpackedElectron(executable: string): { folder: string; version: string } {
  const folder = dirname(executable)
  const file = join(folder, 'version')
  return { folder, version: existsSync(file) ? readFileSync(file, 'utf8').trim() : FALLBACK_VERSION }
}

/** Where in an unpacked or installed copy SQLite's binding is. */
export const sqliteIn = (folder: string): string =>
  join(folder, `resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`)

/** The binding that such a copy needs where the fallback Electron cannot load what is shipped. */
export const ownSqlite = (): string | undefined => process.env['RHO_LAB_SQLITE_BINDING']

const canMakeDeb = isOnPath('dpkg-deb')

/** electron-builder downloads its fpm, where it is not told of another. */
function writeFpm(folder: string): string {
  const file = join(folder, 'fpm')
  const script = join(import.meta.dirname, 'fpmOverDpkg.ts')
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, { mode: 0o755 })
  return file
}

/** Packages the built app with the Electron under test, as a release would be, and unpacks its archive. */
export async function packageLab(electron: string): Promise<PackagedLab> {
  const scratch = mkdtempSync(join(tmpdir(), 'rho-lab-packaged-'))
  if (canMakeDeb) process.env['CUSTOM_FPM_PATH'] = writeFpm(scratch)
  const made = await packageApp({
    output: scratch,
    target: canMakeDeb ? 'deb' : 'dir',
    electron: unpackedElectron(electron),
  })
  const folder = join(scratch, 'linux-unpacked')
  const archive = join(scratch, 'rho-lab.tar.gz')
  await makeTarball(folder, archive, 'rho-lab', 1)
  execFileSync('tar', ['-xzf', archive, '-C', scratch])
  const unpacked = join(scratch, 'rho-lab')
  const sqlite = ownSqlite()
  if (sqlite) copyFileSync(sqlite, sqliteIn(unpacked))
  return {
    folder,
    executable: join(unpacked, 'rho-lab-app'),
    command: join(unpacked, 'resources', 'bin', 'rho-lab'),
    archive,
    deb: made.find((file) => file.endsWith('.deb')) ?? null,
    async inspectable() {
      const executable = join(unpacked, 'rho-lab-inspectable')
      copyFileSync(join(unpacked, 'rho-lab-app'), executable)
      await flipFuses(executable, {
        version: FuseVersion.V1,
        [FuseV1Options.EnableNodeCliInspectArguments]: true,
      })
      return executable
    },
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  }
}
