import { app, dialog, type BrowserWindow } from 'electron'
import type { Rescue } from '#db/rescue/rescueLibrary.ts'
import type { ErrorReply } from '#shared/domain/labError.ts'
import type { Libraries } from './libraries.ts'
import { relaunchOn } from './relaunch.ts'
import { saveReadable } from './saveReadable.ts'

export interface DamageWatchOptions {
  library: string
  libraries: Libraries
  window(): BrowserWindow
  /** Copies what can be read into a new folder, beside the lab. */
  rescue(folder: string): Promise<Rescue>
}

/**
 * A damaged page of a library is found when it is read, which may be long after the start: offers once to save what can
 * be read.
 * @returns to be told of every error
 */
export function createDamageWatch({ library, libraries, window, rescue }: DamageWatchOptions) {
  let isOffered = false
  return async ({ code }: ErrorReply): Promise<void> => {
    if (code !== 'damaged' || isOffered) return
    isOffered = true
    const { response } = await dialog.showMessageBox(window(), {
      type: 'error',
      title: 'Rho Lab',
      message: 'The library is damaged.',
      detail:
        `A part of ${library} cannot be read. Restore it from a backup, or save what can be read of it in a new ` +
        'folder. The damaged one stays as it is.',
      buttons: ['Save what can be read…', 'Go on'],
      defaultId: 0,
      cancelId: 1,
      noLink: true,
    })
    if (response !== 0) return
    const folder = await saveReadable(library, rescue)
    if (folder === null) return
    relaunchOn(libraries, folder)
    app.quit()
  }
}
