import { app } from 'electron'
import type { Libraries } from './libraries.ts'

/** Once this app has ended, it starts anew on another library, and opens that one from then on. */
export function relaunchOn(libraries: Libraries, folder: string): void {
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
