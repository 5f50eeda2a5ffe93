import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A disk of its own, in memory. */
export interface SmallDisk {
  folder: string
  /** Takes all the room that is left. @returns how to give it back */
  fill(): () => void
  setReadOnly(): void
  remove(): void
}

/** Why no small disk can be made here; null where one can. It takes Linux, and root. */
export function noSmallDisk(): string | null {
  try {
    makeSmallDisk(1).remove()
    return null
  } catch {
    return 'Nothing can be mounted here: it takes Linux and root.'
  }
}

export function makeSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-disk-'))
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' })
  try {
    mount('-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder)
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return {
    folder,
    fill() {
      const file = path.join(folder, 'filler')
      const handle = openSync(file, 'w')
      for (const piece of [Buffer.alloc(65_536), Buffer.alloc(1)]) {
        try {
          for (;;) writeSync(handle, piece)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
      closeSync(handle)
      return () => rmSync(file)
    },
    setReadOnly: () => void mount('-o', 'remount,ro', folder),
    remove() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      rmSync(folder, { recursive: true })
    },
  }
}
