import { z } from 'zod'
import { engineNames } from './runConfig.ts'

/** Whether this machine can compute with an engine, and why or why not in one sentence. */
export const engineStatusSchema = z.object({
  engine: z.enum(engineNames),
  available: z.boolean(),
  device: z.string(),
  reason: z.string(),
  /** The one that `auto` takes. */
  auto: z.boolean(),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>
