import { chmodSync, copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { refuseOtherThanFile } from './regularFile.ts'

/** Copies a database, with what of it is still in its write-ahead log. @returns the copy's file, which can be written */
export function copyDatabase(file: string, folder: string): string {
  const copy = path.join(folder, 'library.sqlite')
  for (const end of ['', '-wal']) {
    if (!existsSync(file + end)) continue
    refuseOtherThanFile(file + end)
    copyFileSync(file + end, copy + end)
    chmodSync(copy + end, 0o600)
  }
  return copy
}
