import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import type { z } from 'zod'
import { userCache } from '#shared/domain/userCache.ts'

/** What a choice depends on: whatever changes it makes another key. */
export type ChoiceKey = Record<string, string | number | readonly string[]>

/**
 * Where choices are kept: `$RHO_LAB_ENGINE_CHOICES`, or `rho-lab/engine-choices` in the user's cache. Whoever removes
 * the folder has everything measured again.
 */
export function choiceFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['RHO_LAB_ENGINE_CHOICES']) return env['RHO_LAB_ENGINE_CHOICES']
  return path.join(userCache(process.platform, env, homedir()), 'rho-lab', 'engine-choices')
}

/** @returns what was kept under this key; null where that is nothing, or nothing that makes sense. Never fails. */
export async function readChoice<T>(
  key: ChoiceKey,
  schema: z.ZodType<T>,
  folder: string = choiceFolder(),
): Promise<T | null> {
  try {
    const { choice } = JSON.parse(await readFile(fileOf(key, folder), 'utf8')) as { choice: unknown }
    return schema.parse(choice)
  } catch {
    return null
  }
}

/**
 * Keeps a choice. A file a key, written aside and then linked to its name, which only one of several processes can do:
 * the first one's choice stands, and all of them get it.
 * @returns the choice that stands; the one given where nothing can be written. Never fails.
 */
export async function keepChoice<T>(
  key: ChoiceKey,
  choice: T,
  schema: z.ZodType<T>,
  folder: string = choiceFolder(),
): Promise<T> {
  const file = fileOf(key, folder)
  const aside = `${file}.${randomUUID()}`
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(aside, `${JSON.stringify({ key, choice }, null, 2)}\n`)
    await link(aside, file).catch(() => undefined)
  } catch {
    // A full disk or a read-only home: it is measured again next time.
  }
  await rm(aside, { force: true }).catch(() => undefined)
  const standing = await readChoice(key, schema, folder)
  if (standing !== null) return standing
  // Damaged, or of a version that kept something else: room for the next one.
  await rm(file, { force: true }).catch(() => undefined)
  return choice
}

const fileOf = (key: ChoiceKey, folder: string): string =>
  path.join(folder, `${createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24)}.json`)
