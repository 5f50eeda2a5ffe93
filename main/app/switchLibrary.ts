import { app } from 'electron'
import type { LibraryServices } from '#main/ipc/services.ts'
import { LabError } from '#shared/domain/labError.ts'
import { libraryIn, type Libraries } from './libraries.ts'

export interface LibrarySwitchOptions {
  libraries: Libraries
  /** Of the library that is open. */
  folder: string
  /** null when the user cancelled. */
  askForLibrary(): Promise<string | null>
  /** Whether work is under way that a restart would cut short. */
  isBusy(): boolean
}

/** One window holds one library: another one is opened by starting the app anew. */
export function createLibrarySwitch(options: LibrarySwitchOptions): LibraryServices {
  const { libraries, folder, askForLibrary, isBusy } = options
  function restartWith(next: string): boolean {
    if (next === folder) return false
    if (isBusy()) {
      throw new LabError('conflict', 'Work is under way in this library. Stop it, then open the other one.')
    }
    libraries.use(next)
    app.relaunch({ execPath: process.env.APPIMAGE ?? process.execPath, args: argumentsOfNext(process.argv) })
    app.quit()
    return true
  }
  return {
    recent: () =>
      libraries
        .recent()
        .filter((library) => library.folder !== folder)
        .map(({ key, folder }) => ({ key, displayPath: folder })),
    async choose() {
      const chosen = await askForLibrary()
      return chosen !== null && restartWith(libraryIn(chosen))
    },
    open: (key) => restartWith(libraries.folderOf(key)),
  }
}

/** What this start was given, without the library and the files that it named. */
function argumentsOfNext(argv: readonly string[]): string[] {
  return argv
    .slice(1)
    .filter(
      (argument, at, all) =>
        !/^--library(=|$)/.test(argument) && all[at - 1] !== '--library' && !/\.rholab$/i.test(argument),
    )
}
