import { engineFactories, probeEngines } from '#main/engine/engines.ts'
import { toErrorReply, type Reply } from '#shared/domain/labError.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'
import type { GpuProbe } from './gpuProtocol.ts'
import { remoteGpu } from './remoteGpu.ts'

// Asks the engines in a utility process of the app: loading them takes long, and a driver may crash. The message that
// starts it says what a compute window found out about the GPU.
const { parentPort } = process as unknown as {
  parentPort: {
    postMessage(reply: Reply<EngineStatus[]>): void
    once(event: 'message', listener: (event: { data: GpuProbe }) => void): void
  }
}

parentPort.once('message', ({ data }) => {
  engineFactories.gpu = remoteGpu(data, async () => null)
  void probeEngines().then(
    (value) => parentPort.postMessage({ ok: true, value }),
    (error: unknown) => parentPort.postMessage({ ok: false, error: toErrorReply(error) }),
  )
})
