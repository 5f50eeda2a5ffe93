import type { ToSession } from '../protocol.ts'
import { readPatchesFile } from './readPatchesFile.ts'
import { serveSession } from './serveSession.ts'

/** What Electron puts on `process` in a utility process, as far as a session needs it. */
interface WatchPort {
  postMessage(message: unknown): void
  on(event: 'close', listener: () => void): void
  /** Before that, no event arrives. */
  start(): void
}
interface ParentPort {
  postMessage(message: unknown): void
  on(
    event: 'message',
    listener: (event: { data: ToSession | { type: 'watch' }; ports: WatchPort[] }) => void,
  ): void
}

// A session in a utility process of the app.
const { parentPort } = process as unknown as { parentPort: ParentPort }
const listeners: ((message: ToSession) => void)[] = []

const session = serveSession(
  {
    post(message) {
      parentPort.postMessage(message)
      // The message is on its way before the process ends: main closes it on `ended`.
    },
    onMessage: (listener) => listeners.push(listener),
  },
  readPatchesFile,
)

parentPort.on('message', ({ data, ports }) => {
  if (data.type === 'watch') watch(ports[0])
  else listeners.forEach((listener) => listener(data))
})

/** Until the window closes its end of the port, or is gone itself. */
function watch(port: WatchPort): void {
  port.on('close', session.addWatcher({ post: (message) => port.postMessage(message) }))
  port.start()
}
