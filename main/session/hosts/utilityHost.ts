import { chooseEngine, engineFactories } from '#main/engine/engines.ts'
import type { EngineSettings, EngineShape } from '#main/engine/engine.ts'
import type { ToSession } from '../protocol.ts'
import type { FromUtility, GpuProbe, ToUtility } from './gpuProtocol.ts'
import { readPatchesFile } from './readPatchesFile.ts'
import { remoteGpu } from './remoteGpu.ts'
import { serveSession, type HostServices } from './serveSession.ts'

/** What Electron puts on `process` in a utility process, as far as a session needs it. */
interface WatchPort {
  postMessage(message: unknown): void
  on(event: 'close', listener: () => void): void
  /** Before that, no event arrives. */
  start(): void
}
interface ParentPort {
  postMessage(message: FromUtility): void
  on(event: 'message', listener: (event: { data: ToUtility; ports: WatchPort[] }) => void): void
}

// A session in a utility process of the app.
const { parentPort } = process as unknown as { parentPort: ParentPort }
const listeners: ((message: ToSession) => void)[] = []
let measured: (workMs: number | null) => void = () => undefined

const choose: HostServices['choose'] = async (...args) => {
  const chosen = await chooseEngine(...args)
  if (chosen.factory.name !== 'gpu') return chosen
  parentPort.postMessage({ type: 'handOver', reason: chosen.reason })
  return null
}

const session = serveSession(
  {
    // The message is on its way before the process ends: main closes it on `ended`.
    post: (message) => parentPort.postMessage(message),
    onMessage: (listener) => listeners.push(listener),
  },
  { readPatches: readPatchesFile, choose },
)

parentPort.on('message', ({ data, ports }) => {
  if (data.type === 'watch') watch(ports[0])
  else if (data.type === 'gpu') takeGpu(data.probe)
  else if (data.type === 'measured') measured(data.workMs)
  else listeners.forEach((listener) => listener(data))
})

function takeGpu(probe: GpuProbe): void {
  const ask = (shape: EngineShape, settings: EngineSettings) =>
    new Promise<number | null>((resolve) => {
      measured = resolve
      parentPort.postMessage({ type: 'measure', shape, settings })
    })
  engineFactories.gpu = remoteGpu(probe, ask)
}

/** Until the window closes its end of the port, or is gone itself. */
function watch(port: WatchPort): void {
  port.on('close', session.addWatcher({ post: (message) => port.postMessage(message) }))
  port.start()
}
