import { app } from 'electron'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openLibrary } from '#db/library.ts'
import type { Libraries } from './libraries.ts'

/** Once this app has ended, it starts anew on another library, and opens that one from then on. */
export function relaunchOn(libraries: Libraries, folder: string): void {
  // A library that the user chose to make is made now: at the next start one that is not there has gone.
  if (!existsSync(join(folder, 'library.sqlite')))
    openLibrary(folder, { appVersion: app.getVersion() }).close()
  libraries.use(folder)
  app.relaunch({ execPath: process.env.APPIMAGE ?? process.execPath, args: argumentsOfNext(process.argv) })
}

/** What this start was given, without the library and the files that it named. */
export function argumentsOfNext(argv: readonly string[]): string[] {
  return argv
    .slice(1)
    .filter(
      (argument, at, all) =>
        !/^--library(=|$)/.test(argument) && all[at - 1] !== '--library' && !/\.rholab$/i.test(argument),
    )
}
