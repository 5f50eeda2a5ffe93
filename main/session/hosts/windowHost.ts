import { measure } from '#main/engine/choice/measure.ts'
import { createTimedWork, gpuSample } from '#main/engine/choice/timeWork.ts'
import type { EngineSettings, EngineShape } from '#main/engine/engine.ts'
import { windowGpuEngine } from '#main/engine/gpujs/windowGpuEngine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { PartProblem } from '#shared/domain/storedPart.ts'
import type { ToSession } from '../protocol.ts'
import type { FromWindow, ToWindow } from './gpuProtocol.ts'
import { serveSession, type ReadPatches } from './serveSession.ts'

// The script of a compute window: a hidden page that reaches the GPU, and nothing else. Its port to main comes as a
// message of the page's own preload script.
window.addEventListener('message', ({ data, ports, origin, source }) => {
  if (source === window && origin === location.origin && data === 'computePort' && ports.length === 1) {
    serve(ports[0])
  }
})

function serve(port: MessagePort): void {
  const post = (message: FromWindow): void => port.postMessage(message)
  const listeners: ((message: ToSession) => void)[] = []
  let reason = ''

  const session = serveSession(
    { post, onMessage: (listener) => listeners.push(listener) },
    {
      readPatches: fetchPatches,
      async choose(choice, _shape, settings) {
        const { available, reason: why } = await windowGpuEngine.probe()
        if (available) return { factory: windowGpuEngine, settings, reason }
        throw new LabError(
          'engineUnavailable',
          `The engine "${choice}" is not available here: ${why} Choose "auto" to take the fastest that is.`,
        )
      },
    },
  )

  port.addEventListener('message', ({ data, ports }: MessageEvent<ToWindow>) => {
    switch (data.type) {
      case 'probe':
        void windowGpuEngine.probe().then((probe) => post({ type: 'probed', probe }))
        break
      case 'measure':
        void timeOf(data).then((workMs) => post({ type: 'measured', workMs }))
        break
      case 'session':
        reason = data.reason
        listeners.forEach((listener) => listener(data.start))
        break
      case 'stop':
      case 'pause':
      case 'continue':
        listeners.forEach((listener) => listener(data))
        break
      case 'watch':
        watch(ports[0])
    }
  })
  port.start()

  /** Until the other window closes its end of the port, or is gone itself. */
  function watch(watcher: MessagePort): void {
    const leave = session.addWatcher({ post: (message) => watcher.postMessage(message) })
    watcher.addEventListener('close', leave)
    watcher.start()
  }
}

/** @returns the values of a float32 file, little-endian as every machine that has such a window */
async function fetchPatches(address: string): Promise<ReadPatches | PartProblem> {
  const bytes = await fetch(address).then(
    (response) => (response.ok ? response.arrayBuffer() : null),
    () => undefined,
  )
  if (bytes === undefined) return 'unreadable'
  if (bytes === null) return 'missing'
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const sha256 = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return { values: new Float32Array(bytes, 0, bytes.byteLength >> 2), sha256 }
}

async function timeOf({
  shape,
  settings,
}: {
  shape: EngineShape
  settings: EngineSettings
}): Promise<number | null> {
  try {
    const work = await createTimedWork(windowGpuEngine.create, shape, settings, gpuSample)
    try {
      return (await measure([work]))[0]
    } finally {
      await work.dispose()
    }
  } catch {
    return null
  }
}
