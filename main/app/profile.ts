import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'

export interface Profile {
  library: string
  /** Chromium's files, the window's place and the log. Two windows must not share them. */
  userData: string
}

/**
 * Each library has a profile of its own: several libraries may be open at once, each in one window.
 * @param userData as Electron proposes it; the default library and its profile are there
 * @param library as given on the command line
 */
export function profileOf(userData: string, library: string | null): Profile {
  const standard = join(userData, 'library')
  const folder = library === null ? standard : resolve(library)
  const real = realPath(folder)
  if (real === realPath(standard)) return { library: folder, userData }
  const key = createHash('sha256').update(real).digest('hex').slice(0, 16)
  return { library: folder, userData: join(userData, 'libraries', key) }
}

/** One folder by two names is one library; a folder that is not there yet has one name. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    return folder
  }
}
