import { app } from 'electron'
import { bundlesAmong } from './arguments.ts'

/** Bundles that the system wants opened: a double click starts the app with one, or hands it to the one that runs. */
export interface OpenedFiles {
  /** The next one's path, each once. */
  take(): string | null
  onOpen(listener: () => void): void
}

/** To be called before the app is ready: on macOS the file comes first. */
export function listenForFiles(argv: readonly string[]): OpenedFiles {
  const waiting = bundlesAmong(argv, process.cwd())
  const listeners: (() => void)[] = []
  const add = (paths: readonly string[]) => {
    waiting.push(...paths)
    if (paths.length > 0) for (const listener of listeners) listener()
  }
  app.on('open-file', (event, path) => {
    event.preventDefault()
    add([path])
  })
  app.on('second-instance', (_event, argv, workingDirectory) => add(bundlesAmong(argv, workingDirectory)))
  return { take: () => waiting.shift() ?? null, onOpen: (listener) => void listeners.push(listener) }
}
