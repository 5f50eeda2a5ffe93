import type { EngineName } from './runConfig.ts'

/** Whether this machine can compute with an engine, and why or why not in one sentence. */
export interface EngineStatus {
  engine: EngineName
  available: boolean
  device: string
  reason: string
  /** The one that `auto` takes. */
  auto: boolean
}
