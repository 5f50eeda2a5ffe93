/** Something that can be done from the menu, by a key or from the palette. */
export interface Command {
  label: string
  /** A key of the page, which it takes only while nobody types. */
  keys?: string
  /** A key of the menu, in Electron's notation; works everywhere. */
  accelerator?: string
}

/** All main commands, by the names that menu and window call them. */
export const commands = {
  newRun: { label: 'New run…', keys: 'N', accelerator: 'CmdOrCtrl+N' },
  newSweep: { label: 'New sweep…', accelerator: 'CmdOrCtrl+Shift+N' },
  importFolder: { label: 'Import a folder of images…', accelerator: 'CmdOrCtrl+O' },
  importArray: { label: 'Import an array (.npy, .npz, .mat, IDX, CSV)…' },
  generate: { label: 'Generate a dataset…' },
  importWeights: { label: 'Import weights…' },
  openBundle: { label: 'Open bundle…', accelerator: 'CmdOrCtrl+Shift+O' },
  export: { label: 'Export…', keys: 'E', accelerator: 'CmdOrCtrl+E' },
  exportTable: { label: 'Export the table as CSV…', accelerator: 'CmdOrCtrl+Shift+E' },
  runs: { label: 'Go to runs', accelerator: 'CmdOrCtrl+1' },
  datasets: { label: 'Go to datasets', accelerator: 'CmdOrCtrl+2' },
  sweeps: { label: 'Go to sweeps', accelerator: 'CmdOrCtrl+3' },
  back: { label: 'Back', accelerator: 'CmdOrCtrl+[' },
  forward: { label: 'Forward', accelerator: 'CmdOrCtrl+]' },
  commands: { label: 'Commands…', accelerator: 'CmdOrCtrl+K' },
  find: { label: 'Filter runs', keys: '/', accelerator: 'CmdOrCtrl+F' },
  showArchived: { label: 'Show or hide archived runs' },
  saveView: { label: 'Save the view…', accelerator: 'CmdOrCtrl+S' },
  selectAll: { label: 'Select all runs shown', keys: 'CmdOrCtrl+A' },
  compare: { label: 'Compare the selected runs', keys: 'C' },
  rename: { label: 'Rename the run', keys: 'F2' },
  tag: { label: 'Tag the selected runs…', keys: 'T' },
  archive: { label: 'Archive or unarchive the selected runs', keys: 'A' },
  remove: { label: 'Delete the selected runs', keys: 'Delete' },
  undo: { label: 'Undo the last deletion', keys: 'CmdOrCtrl+Z' },
  demo: { label: 'Train the demo' },
  noise: { label: 'Compare noise and structure' },
  openLibrary: { label: 'Open a library…' },
  settings: { label: 'Settings…', accelerator: 'CmdOrCtrl+,' },
  copyDiagnostics: { label: 'Copy diagnostics' },
  about: { label: 'About Rho Lab' },
} as const satisfies Record<string, Command>

export type CommandName = keyof typeof commands

/** A key as it stands on a button: "Ctrl+E", "⇧⌘E", "F2". */
export function shownKeys(keys: string, platform: string): string {
  if (platform !== 'darwin') return keys.replace('CmdOrCtrl', 'Ctrl')
  const parts = keys.split('+')
  return `${parts.includes('Shift') ? '⇧' : ''}${parts.includes('CmdOrCtrl') ? '⌘' : ''}${parts.at(-1)}`
}
