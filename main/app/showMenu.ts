import { app, Menu } from 'electron'
import type { LibraryServices } from '#main/ipc/services.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { sayRefusal } from './dialogs.ts'
import { menuTemplate } from './menu.ts'
import type { WindowLink } from './windowLink.ts'

/** The application menu, whose commands go to the window. */
export function showMenu(link: WindowLink, libraries: Pick<LibraryServices, 'recent' | 'open'>): void {
  const template = menuTemplate({
    platform: process.platform,
    development: !app.isPackaged,
    send: (command) => link.send('menu', { command }),
    recent: libraries.recent(),
    openRecent(key) {
      try {
        libraries.open(key)
      } catch (error) {
        void sayRefusal(link.window(), toErrorReply(error).message)
      }
    },
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
