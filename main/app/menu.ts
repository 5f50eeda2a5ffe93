import type { MenuItemConstructorOptions } from 'electron'

export interface MenuOptions {
  platform: NodeJS.Platform
  /** Reloading and developer tools are for those who develop it. */
  development: boolean
  /** Tells the window; see `Events.menu`. */
  send(command: string): void
}

/** The application menu, as a template. */
export function menuTemplate({ platform, development, send }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const command = (label: string, name: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => send(name),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New run…', 'newRun', 'CmdOrCtrl+N'),
        separator,
        command('Import folder…', 'importFolder', 'CmdOrCtrl+O'),
        command('Import array…', 'importArray'),
        command('Generate patches…', 'generate'),
        separator,
        command('Import weights…', 'importWeights'),
        command('Open bundle…', 'openBundle', 'CmdOrCtrl+Shift+O'),
        command('Export…', 'export', 'CmdOrCtrl+E'),
        separator,
        mac ? { role: 'close' } : { label: 'Close', role: 'quit', accelerator: 'Ctrl+Q' },
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'delete' },
        separator,
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        command('Runs', 'runs', 'CmdOrCtrl+1'),
        command('Datasets', 'datasets', 'CmdOrCtrl+2'),
        command('Compare selected runs', 'compare'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(development ? [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    ...(mac ? [{ role: 'windowMenu' } as const] : []),
    { label: '&Help', role: 'help', submenu: [command('About Rho Lab', 'about')] },
  ]
}
