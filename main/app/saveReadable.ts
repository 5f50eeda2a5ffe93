import { dialog } from 'electron'
import type { Rescue } from '#db/rescue/rescueLibrary.ts'
import { toErrorReply } from '#shared/domain/labError.ts'

/**
 * Asks for a folder and saves there what can be read of a damaged library, which stays as it is.
 * @param rescue  copies into a new folder
 * @returns that folder; null where the user cancelled or nothing could be saved
 */
export async function saveReadable(
  library: string,
  rescue: (folder: string) => Promise<Rescue>,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'A new folder for what can be read',
    defaultPath: `${library}-rescued`,
    buttonLabel: 'Save',
  })
  if (canceled || filePath === '') return null
  try {
    const { runs, datasets, brokenBlobs, damagedTables } = await rescue(filePath)
    const lost = brokenBlobs === 0 ? 'every file' : `all files but ${brokenBlobs}`
    const damaged =
      damagedTables.length === 0
        ? ''
        : ` Some may be missing of: ${damagedTables.join(', ').replaceAll('_', ' ')}.`
    await dialog.showMessageBox({
      type: 'info',
      title: 'Rho Lab',
      message: 'What could be read is saved.',
      detail: `Runs: ${runs}, datasets: ${datasets}, with ${lost}.${damaged} Rho Lab starts anew to open ${filePath}.`,
      buttons: ['Open it'],
    })
    return filePath
  } catch (error) {
    dialog.showErrorBox('Nothing could be saved', toErrorReply(error).message)
    return null
  }
}
