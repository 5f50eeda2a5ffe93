import { dialog } from 'electron'
import { rescueLibrary } from '#db/rescue/rescueLibrary.ts'
import { toErrorReply, type ErrorCode, type ErrorReply } from '#shared/domain/labError.ts'
import { libraryDialog } from './dialogs.ts'
import { libraryIn, type Libraries } from './libraries.ts'
import { relaunchOn } from './relaunch.ts'
import { saveReadable } from './saveReadable.ts'

type WayOut = 'rescue' | 'other' | 'new' | 'quit'

const buttons: Record<WayOut, string> = {
  rescue: 'Save what can be read…',
  other: 'Open another library…',
  new: 'Make a new one there',
  quit: 'Quit',
}

const waysOut: Partial<Record<ErrorCode, WayOut[]>> = {
  damaged: ['rescue', 'other', 'quit'],
  notFound: ['other', 'new', 'quit'],
}

const titles: Partial<Record<ErrorCode, string>> = {
  damaged: 'The library is damaged.',
  newerLibrary: 'The library was made by a newer Rho Lab.',
  notFound: 'The library is not there.',
}

/**
 * Says why the lab cannot start on a library, and offers what can be done: to save what can be read of a damaged one, to
 * make a new one where one has gone, or to open another. Where the user takes that, the app starts anew once it has ended.
 */
export async function offerWayOut(library: string, libraries: Libraries, error: ErrorReply): Promise<void> {
  const ways = waysOut[error.code] ?? ['other', 'quit']
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Rho Lab cannot start',
    message: titles[error.code] ?? 'The library cannot be opened.',
    detail: error.code === 'damaged' ? damagedText(library) : error.message,
    buttons: ways.map((way) => buttons[way]),
    defaultId: 0,
    cancelId: ways.length - 1,
    noLink: true,
  })
  const folder = await carryOut(ways[response] ?? 'quit', library)
  if (folder !== null) relaunchOn(libraries, folder)
}

const damagedText = (library: string): string =>
  `It is in ${library}. Restore it from a backup, or save what can be read of it in a new folder. ` +
  'The damaged one stays as it is.'

/** @returns the library to open instead; null for none */
async function carryOut(way: WayOut, library: string): Promise<string | null> {
  if (way === 'rescue') return saveReadable(library, async (folder) => rescueLibrary(library, folder))
  if (way === 'quit') return null
  if (way === 'new') return library
  const { canceled, filePaths } = await dialog.showOpenDialog(libraryDialog)
  if (canceled || filePaths.length === 0) return null
  try {
    return libraryIn(filePaths[0])
  } catch (error) {
    dialog.showErrorBox('The library cannot be opened', toErrorReply(error).message)
    return null
  }
}
