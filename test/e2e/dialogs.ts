import type { LaunchedLab } from './launch.ts'

/**
 * V8 may drop what main answers before Playwright has it, even where there is nothing to answer; what was asked
 * has then been done.
 */
const done = (asked: Promise<void>): Promise<void> =>
  asked.catch((error: Error) => {
    if (!error.message.includes('garbage collected')) throw error
  })

/** The system's file dialogs answer with this path, as if a person had chosen it there. */
export const answerDialogs = ({ app }: LaunchedLab, path: string): Promise<void> =>
  done(
    app.evaluate(({ dialog }, path) => {
      const opened = async () => ({ canceled: false, filePaths: [path] })
      const saved = async () => ({ canceled: false, filePath: path })
      dialog.showOpenDialog = opened as unknown as typeof dialog.showOpenDialog
      dialog.showSaveDialog = saved as unknown as typeof dialog.showSaveDialog
    }, path),
  )

/** Chooses a command of the application's menu. */
export const chooseCommand = ({ app }: LaunchedLab, label: string): Promise<void> =>
  done(
    app.evaluate(({ Menu }, label) => {
      for (const { submenu } of Menu.getApplicationMenu()?.items ?? []) {
        submenu?.items.find((item) => item.label === label)?.click()
      }
    }, label),
  )
