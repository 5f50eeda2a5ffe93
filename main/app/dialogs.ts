import path from 'node:path'
import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron'
import { arrayExtensions } from '#shared/domain/datasetSource.ts'
import type { Source } from '#shared/ipc/contract.ts'
import type { ClosingAnswer, Work } from './closing.ts'

// Called as members of `dialog`: tests put their own answers there.

const sourceDialogs: Record<Source['kind'], OpenDialogOptions> = {
  folder: { title: 'Import a folder of images', properties: ['openDirectory'], buttonLabel: 'Import' },
  array: {
    title: 'Import an array of patches',
    properties: ['openFile'],
    filters: [
      { name: 'Arrays', extensions: arrayExtensions },
      // MNIST's own files have no ending.
      { name: 'All files', extensions: ['*'] },
    ],
    buttonLabel: 'Import',
  },
  weights: {
    title: 'Choose trained weights',
    properties: ['openFile'],
    filters: [{ name: 'Weights', extensions: ['npz', 'safetensors', 'mat', 'h5', 'onnx', 'json', 'csv'] }],
    buttonLabel: 'Choose',
  },
  bundle: {
    title: 'Open a bundle of runs',
    properties: ['openFile'],
    filters: [{ name: 'Rho Lab bundles', extensions: ['rholab'] }],
    buttonLabel: 'Open',
  },
}

export const askForSource = (window: BrowserWindow, what: Source['kind']): Promise<string | null> =>
  askForPath(window, sourceDialogs[what])

export const askForExportFolder = (window: BrowserWindow): Promise<string | null> =>
  askForPath(window, {
    title: 'Export into a folder',
    properties: ['openDirectory', 'createDirectory'],
    buttonLabel: 'Export',
  })

export const libraryDialog: OpenDialogOptions = {
  title: 'Open a library',
  message: 'Choose a library, or a folder for a new one.',
  properties: ['openDirectory', 'createDirectory'],
  buttonLabel: 'Open',
}

export const askForLibrary = (window: BrowserWindow): Promise<string | null> =>
  askForPath(window, libraryDialog)

/** Says why something that was chosen from the menu cannot be done. */
export async function sayRefusal(window: BrowserWindow, message: string): Promise<void> {
  await dialog.showMessageBox(window, {
    type: 'info',
    title: 'Rho Lab',
    message,
    buttons: ['Close'],
    noLink: true,
  })
}

async function askForPath(window: BrowserWindow, options: OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options)
  return canceled || filePaths.length === 0 ? null : filePaths[0]
}

export async function askForExport(
  window: BrowserWindow,
  proposal: string,
  kind: string,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: 'Export',
    defaultPath: proposal,
    buttonLabel: 'Export',
    filters: [{ name: kind, extensions: [path.extname(proposal).slice(1)] }],
  })
  return canceled || filePath === '' ? null : filePath
}

/** What to do with the work that closing would cut short. */
export async function askToClose(window: BrowserWindow, { runs, importing }: Work): Promise<ClosingAnswer> {
  const answers: ClosingAnswer[] = runs > 0 ? ['stop', 'goOn', 'cancel'] : ['stop', 'cancel']
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: 'Rho Lab',
    message:
      runs === 0
        ? 'An import is under way.'
        : runs === 1
          ? '1 run is still training.'
          : `${runs} runs are still training or waiting.`,
    detail: [
      runs > 0 &&
        `When stopped, ${runs === 1 ? 'it keeps' : 'they keep'} a checkpoint and can be resumed next time.`,
      importing && 'When stopped, the import is cancelled and nothing of it is kept.',
      runs > 0 &&
        'In the background Rho Lab goes on without a window and ends with the last run. To see it before, ' +
          'start Rho Lab again, or click its icon in the tray where there is one.',
    ]
      .filter(Boolean)
      .join('\n\n'),
    buttons: answers.map((answer) => closingButtons[answer]),
    defaultId: 0,
    cancelId: answers.length - 1,
    noLink: true,
  })
  return answers[response] ?? 'cancel'
}

const closingButtons: Record<ClosingAnswer, string> = {
  stop: 'Stop and close',
  goOn: 'Go on in the background',
  cancel: 'Cancel',
}

/** @returns whether to open the window anew */
export async function askAfterCrash(window: BrowserWindow): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Rho Lab',
    message: 'The window crashed.',
    detail: 'Runs are not affected: they are trained in processes of their own.',
    buttons: ['Open it again', 'Close'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}
