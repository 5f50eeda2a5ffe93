import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const PARTIAL = '.partial-'
const ABANDONED_AFTER_MS = 6 * 60 * 60 * 1000

/** Where downloads and builds are kept between checkouts: `$XDG_CACHE_HOME/rho-lab`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rho-lab')
}

/**
 * A cached folder that exists whole or not at all: `make` fills a temporary folder beside it, and a
 * rename gives it its name. Two processes may race; the first one wins and both get its folder.
 * @param name the folder's name in the cache; must change whenever its content would.
 * @param make fills the folder it is given; what it throws leaves the cache as it was.
 */
export async function cachedFolder(
  name: string,
  make: (folder: string) => Promise<void>,
  root: string = cacheFolder(),
): Promise<string> {
  const folder = join(root, name)
  if (existsSync(folder)) return folder
  await mkdir(root, { recursive: true })
  await removeAbandoned(root)
  const partial = await mkdtemp(join(root, PARTIAL))
  try {
    const content = join(partial, 'content')
    await mkdir(content)
    await make(content)
    await rename(content, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
    return folder
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

/** A process that was killed cannot clean up; half a download is 200 MB. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (!name.startsWith(PARTIAL)) continue
    const partial = join(root, name)
    const { mtimeMs } = await stat(partial).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(partial, { recursive: true, force: true })
  }
}
