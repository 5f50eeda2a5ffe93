import type { MenuItemConstructorOptions } from 'electron'
import type { KnownLibrary } from '#shared/ipc/contract.ts'
import { commands, type Command, type CommandName } from '#shared/commands/commands.ts'

export interface MenuOptions {
  platform: NodeJS.Platform
  /** Reloading and developer tools are for those who develop it. */
  development: boolean
  /** Tells the window; see `Events.menu`. */
  send(command: CommandName): void
  /** Other libraries that were opened, newest first. */
  recent: readonly KnownLibrary[]
  openRecent(key: string): void
}

/** The application menu, as a template. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, development, send, recent, openRecent } = options
  const mac = platform === 'darwin'
  const command = (name: CommandName): MenuItemConstructorOptions => ({
    label: commands[name].label,
    ...keyOf(commands[name], mac),
    click: () => send(name),
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  return [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('newRun'),
        command('newSweep'),
        command('demo'),
        command('noise'),
        separator,
        command('importFolder'),
        command('importArray'),
        command('generate'),
        separator,
        command('importWeights'),
        command('openBundle'),
        command('export'),
        command('exportTable'),
        separator,
        command('openLibrary'),
        {
          label: 'Open recent library',
          enabled: recent.length > 0,
          submenu: recent.map(({ key, displayPath }) => ({
            // A single & would underline what follows.
            label: displayPath.replaceAll('&', '&&'),
            click: () => openRecent(key),
          })),
        },
        command('settings'),
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
        separator,
        command('find'),
        command('commands'),
      ],
    },
    {
      label: '&Runs',
      submenu: [
        command('compare'),
        command('rename'),
        command('tag'),
        separator,
        command('archive'),
        command('remove'),
        command('undo'),
        separator,
        command('selectAll'),
        command('showArchived'),
        command('saveView'),
      ],
    },
    {
      label: '&View',
      submenu: [
        command('runs'),
        command('datasets'),
        command('sweeps'),
        command('back'),
        command('forward'),
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
    { label: '&Help', role: 'help', submenu: [command('copyDiagnostics'), separator, command('about')] },
  ]
}

/** A key of the page is shown, not taken: it belongs to who types. macOS can only take it. */
function keyOf({ accelerator, keys }: Command, mac: boolean): MenuItemConstructorOptions {
  if (accelerator !== undefined) return { accelerator }
  return keys === undefined || mac ? {} : { accelerator: keys, registerAccelerator: false }
}
