import { probeEngines } from '#main/engine/engines.ts'
import { toErrorReply, type Reply } from '#shared/domain/labError.ts'
import type { EngineStatus } from '#shared/domain/engineStatus.ts'

// Asks the engines in a utility process of the app: loading them takes long, and a driver may crash.
const { parentPort } = process as unknown as {
  parentPort: { postMessage(reply: Reply<EngineStatus[]>): void }
}

try {
  parentPort.postMessage({ ok: true, value: await probeEngines() })
} catch (error) {
  parentPort.postMessage({ ok: false, error: toErrorReply(error) })
}
