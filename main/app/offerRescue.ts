import { app, dialog } from 'electron'
import { rescueLibrary } from '#db/rescueLibrary.ts'
import { toErrorReply } from '#shared/domain/labError.ts'

/**
 * Says that a library is damaged, and saves what can be read of it in a new one, if the user wants that; then opens the
 * lab on that one.
 */
export async function offerRescue(library: string, message: string): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: 'Rho Lab cannot start',
    message: 'The library is damaged.',
    detail: `${message}\n\nThe damaged library stays as it is.`,
    buttons: ['Save what can be read…', 'Quit'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (response !== 0) return
  const { canceled, filePath } = await dialog.showSaveDialog({
    title: 'A new folder for what can be read',
    defaultPath: `${library}-rescued`,
    buttonLabel: 'Save',
  })
  if (canceled || filePath === '') return
  try {
    const { runs, datasets, brokenBlobs } = rescueLibrary(library, filePath)
    const lost = brokenBlobs === 0 ? 'every file' : `all files but ${brokenBlobs}`
    await dialog.showMessageBox({
      type: 'info',
      title: 'Rho Lab',
      message: 'What could be read is saved.',
      detail: `Runs: ${runs}, datasets: ${datasets}, with ${lost}. Rho Lab opens ${filePath} now.`,
      buttons: ['Open'],
    })
    const others = process.argv.slice(1).filter((argument) => !argument.startsWith('--library'))
    app.relaunch({ args: [...others, `--library=${filePath}`] })
  } catch (error) {
    dialog.showErrorBox('Nothing could be saved', toErrorReply(error).message)
  }
}
