import { app } from 'electron'
import { existsSync } from 'node:fs'
import type { LibraryServices } from '#main/ipc/services.ts'
import { LabError } from '#shared/domain/labError.ts'
import { libraryIn, type Libraries } from './libraries.ts'
import { relaunchOn } from './relaunch.ts'

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
    // The way back: one that was opened by name, or that of the profile, is known from here on.
    libraries.use(folder)
    relaunchOn(libraries, next)
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
    open(key) {
      const next = libraries.folderOf(key)
      if (existsSync(next)) return restartWith(next)
      throw new LabError('notFound', `${next} is not there. Connect its drive, or choose another folder.`)
    },
  }
}
