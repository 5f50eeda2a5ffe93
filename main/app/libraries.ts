import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readRegularText } from '#db/regularFile.ts'
import { LabError } from '#shared/domain/labError.ts'
import { replaceFile } from './replaceFile.ts'

const mostRecent = 8
const rememberedSchema = z.object({
  current: z.string().nullable(),
  recent: z.array(z.string()).max(100),
  opened: z.array(z.string()).max(1_000).default([]),
})
const mostOpened = 200

export interface Libraries {
  /** The folder to open when none is named; null for the one in the profile. */
  current(): string | null
  /** Newest first, by a key that says nothing. */
  recent(): { key: string; folder: string }[]
  /** @throws LabError notFound */
  folderOf(key: string): string
  /** Whether a library was open there once: where there is none now, it has gone, and no other is made in its place. */
  wasOpened(folder: string): boolean
  /** A library is open there. */
  noteOpened(folder: string): void
  /** To be opened from now on. */
  use(folder: string): void
  /** Goes back to the one in the profile. */
  forgetCurrent(): void
}

/** Which libraries were opened, in a JSON file of the profile; a damaged one counts as empty. */
export function openLibraries(path: string): Libraries {
  let { current, recent, opened } = read(path)
  const keep = () => replaceFile(path, JSON.stringify({ current, recent, opened }, null, 2))
  const keyed = () => recent.map((folder) => ({ key: keyOf(folder), folder }))
  return {
    current: () => current,
    recent: keyed,
    folderOf(key) {
      const found = keyed().find((one) => one.key === key)
      if (!found) throw new LabError('notFound', 'That library is no longer known. Choose its folder again.')
      return found.folder
    },
    wasOpened: (folder) => opened.includes(folder) || recent.includes(folder),
    noteOpened(folder) {
      if (opened[0] === folder) return
      opened = [folder, ...opened.filter((other) => other !== folder)].slice(0, mostOpened)
      keep()
    },
    use(folder) {
      current = folder
      recent = [folder, ...recent.filter((other) => other !== folder)].slice(0, mostRecent)
      keep()
    },
    forgetCurrent() {
      current = null
      keep()
    },
  }
}

/**
 * Where the library is that a chosen folder means: in it, or, where it holds other things, in a folder of its own there.
 * @throws LabError notFound
 */
export function libraryIn(folder: string): string {
  if (!existsSync(folder)) throw new LabError('notFound', `${folder} is not there. Choose another folder.`)
  const isFree = existsSync(join(folder, 'library.sqlite')) || readdirSync(folder).length === 0
  return isFree ? folder : join(folder, 'Rho Lab library')
}

const keyOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 16)

function read(path: string): z.infer<typeof rememberedSchema> {
  try {
    return rememberedSchema.parse(JSON.parse(readRegularText(path)))
  } catch {
    return { current: null, recent: [], opened: [] }
  }
}
