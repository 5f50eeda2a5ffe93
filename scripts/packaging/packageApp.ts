import { build, Platform, type Configuration } from 'electron-builder'
import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { repository } from '../buildIfStale.ts'
import { checkContents } from './checkContents.ts'
import { drawIcons } from './drawIcons.ts'

export interface PackageOptions {
  /** Where the packages go; `dist` where absent. */
  readonly output?: string
  /** Only the folder that the other packages hold. */
  readonly folderOnly?: boolean
  /** Of this system's packages, only this one. */
  readonly target?: string
  /** An unpacked Electron to take instead of downloading one, and its version. For tests: never shipped. */
  readonly electron?: { readonly folder: string; readonly version: string }
}

/**
 * Packages the built app for this system with electron-builder, as package.json says under "build".
 * @throws Error where something that goes in is not there
 * @returns the files made; none where only the folder was asked for, which is `<output>/linux-unpacked` on Linux.
 */
export async function packageApp({
  output = 'dist',
  folderOnly,
  target = folderOnly ? 'dir' : undefined,
  electron,
}: PackageOptions): Promise<string[]> {
  checkContents(repository, process.platform, process.arch)
  const resources = join(resolve(repository, output), 'resources')
  drawIcons(join(resources, 'icons'))
  const config: Configuration = {
    // "files" names what is needed of node_modules; most is in the bundles already.
    beforeBuild: () => Promise.resolve(false),
    directories: { output, buildResources: resources },
    // What an Electron runs that was given no app.
    afterPack: ({ appOutDir }) => rm(join(appOutDir, 'resources', 'default_app.asar'), { force: true }),
    ...(electron && { electronDist: electron.folder, electronVersion: electron.version }),
  }
  return build({
    projectDir: repository,
    targets: Platform.current().createTarget(target),
    publish: 'never',
    config,
  })
}
