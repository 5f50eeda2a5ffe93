import type { LaunchedLab } from './launch.ts'

/**
 * What main was asked to do and answers nothing. V8 may drop the promise of an answer before Playwright has it; it has
 * been done then.
 */
export const done = (asked: Promise<void>): Promise<void> =>
  asked.catch((error: unknown) => {
    if (!isDropped(error)) throw error
  })

/** What main is asked, which changes nothing: asked again where the answer was dropped. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isDropped(error)) throw error
    }
  }
}

const isDropped = (error: unknown): boolean =>
  error instanceof Error && error.message.includes('promise was garbage collected')

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
