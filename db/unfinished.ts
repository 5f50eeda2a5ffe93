import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { userCache } from '#shared/domain/userCache.ts'
import { isProcessGone, processSpace } from './owner.ts'
import { readRegularFile } from './regularFile.ts'

// What is being written has a name of its own until it is whole, beside where it will stand. That name says which process
// writes it, so that whoever comes next can tell what a killed one has left behind from what is still being written; and
// it is noted in the user's cache where that is, so that the next start finds it in whatever folder.

const space = createHash('sha256').update(processSpace).digest('hex').slice(0, 12)
const pattern = /^\.rho-lab-([0-9a-f]{12})-(\d+)-[0-9a-f-]{36}\.part$/

/** Of another machine, container, or start of this machine nobody can tell whether it still runs: but by its silence. */
const silentMs = 7 * 24 * 60 * 60 * 1000

/** A name for a file or folder that this process has not finished. */
export const newPartName = (): string => `.rho-lab-${space}-${process.pid}-${randomUUID()}.part`

/** Whether who writes this is gone, or has written nothing to it for a week and cannot be asked. */
export function isAbandoned(name: string, modifiedMs: number): boolean {
  const [, where, pid] = pattern.exec(name) ?? []
  if (where === undefined) return false
  return where === space ? isProcessGone(Number(pid)) : Date.now() - modifiedMs > silentMs
}

/** Whether a process of this machine says that it writes this now. */
export function isBeingWritten(name: string): boolean {
  const [, where, pid] = pattern.exec(name) ?? []
  return where === space && !isProcessGone(Number(pid))
}

/** Where unfinished files and folders are noted. */
export const notesFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  path.join(userCache(process.platform, env, os.homedir()), 'rho-lab', 'unfinished')

/**
 * A path for what is to be written in a folder; nothing is made there yet.
 * @returns the path; to be handed to `endPart` once it stands in its place, or will not
 */
export function beginPart(folder: string): string {
  const part = path.join(path.resolve(folder), newPartName())
  try {
    mkdirSync(notesFolder(), { recursive: true, mode: 0o700 })
    writeFileSync(noteOf(part), part)
  } catch {
    // Without a note it is found when somebody writes to that folder again.
  }
  return part
}

/** Removes what may be left of it. */
export function endPart(part: string): void {
  rmSync(part, { recursive: true, force: true })
  try {
    rmSync(noteOf(part), { force: true })
  } catch {
    // Nobody minds a note of what is not there.
  }
}

const noteOf = (part: string): string => path.join(notesFolder(), path.basename(part))

/** Removes what killed processes left half written in a folder; never fails, and touches nothing that may still grow. */
export async function sweepParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (pattern.test(name)) await removeAbandoned(path.join(folder, name))
  }
}

/** The same for whatever is noted, in any folder: at the start of a command or of the window. */
export async function sweepNotedParts(): Promise<void> {
  for (const name of await readdir(notesFolder()).catch(() => [])) {
    const note = path.join(notesFolder(), name)
    const modifiedMs = await modified(note)
    if (modifiedMs === null || !isAbandoned(name, modifiedMs)) continue
    const part = await readRegularFile(note).then(String, () => '')
    if (path.isAbsolute(part) && path.basename(part) === name && !(await removeAbandoned(part))) continue
    await rm(note, { force: true }).catch(() => undefined)
  }
}

/** @returns whether it is not there any more */
async function removeAbandoned(part: string): Promise<boolean> {
  const modifiedMs = await modified(part)
  if (modifiedMs === null) return true
  if (!isAbandoned(path.basename(part), modifiedMs)) return false
  return rm(part, { recursive: true, force: true }).then(
    () => true,
    () => false,
  )
}

const modified = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
