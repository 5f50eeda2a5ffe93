import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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
  /** A copy that may be inspected, which Playwright needs and a release forbids. */
  inspectable(): Promise<string>
  remove(): void
}

/** The Electron under test, as the packaging takes it. */
export function unpackedElectron(executable: string): { folder: string; version: string } {
  const folder = dirname(executable)
  const file = join(folder, 'version')
  return { folder, version: existsSync(file) ? readFileSync(file, 'utf8').trim() : FALLBACK_VERSION }
}

/** The fallback Electron cannot load what is shipped: for an unpacked or installed copy, never for what is packaged. */
export function takeOwnSqlite(folder: string): void {
  const binding = process.env['RHO_LAB_SQLITE_BINDING']
  const prebuilds = 'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds'
  if (binding) copyFileSync(binding, join(folder, prebuilds, `linux-${process.arch}.node`))
}

/** Packages the built app with the Electron under test, as a release would be, and unpacks its archive. */
export async function packageLab(electron: string): Promise<PackagedLab> {
  const scratch = mkdtempSync(join(tmpdir(), 'rho-lab-packaged-'))
  await packageApp({ output: scratch, folderOnly: true, electron: unpackedElectron(electron) })
  const folder = join(scratch, 'linux-unpacked')
  const archive = join(scratch, 'rho-lab.tar.gz')
  await makeTarball(folder, archive, 'rho-lab', 1)
  execFileSync('tar', ['-xzf', archive, '-C', scratch])
  const unpacked = join(scratch, 'rho-lab')
  takeOwnSqlite(unpacked)
  return {
    folder,
    executable: join(unpacked, 'rho-lab-app'),
    command: join(unpacked, 'resources', 'bin', 'rho-lab'),
    archive,
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
