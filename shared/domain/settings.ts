import { z } from 'zod'
import { engineChoices } from './runConfig.ts'

export const themes = ['system', 'light', 'dark'] as const

const theme = z.enum(themes)
const engine = z.enum(engineChoices)
const parallel = z.union([
  z.literal('auto'),
  z
    .number()
    .int('Runs at the same time must be a whole number.')
    .min(1, 'Runs at the same time must be at least 1.')
    .max(16, 'Runs at the same time must be at most 16.'),
])
const threads = z.union([
  z.literal('auto'),
  z
    .number()
    .int('Threads must be a whole number.')
    .min(1, 'Threads must be at least 1.')
    .max(256, 'Threads must be at most 256.'),
])
const checkpointSeconds = z
  .number()
  .int('Seconds between checkpoints must be a whole number.')
  .min(5, 'Checkpoints must be at least 5 seconds apart.')
  .max(3_600, 'Checkpoints must be at most 3600 seconds apart.')

/** What a user has set, for all libraries alike. A value that makes no sense becomes the default, alone. */
export const settingsSchema = z.object({
  theme: theme.catch('system'),
  /** Of new runs. */
  engine: engine.catch('auto'),
  /** Runs that train at the same time; `auto` goes by cores and engine. */
  parallel: parallel.catch('auto'),
  /** Of ONNX Runtime, for each run; `auto` measures what is fastest. */
  threads: threads.catch('auto'),
  /** Whether runs go on without a window once it is closed. */
  keepTraining: z.boolean().catch(false),
  /** Between two checkpoints of a run. */
  checkpointSeconds: checkpointSeconds.catch(15),
})
export type Settings = z.infer<typeof settingsSchema>

export const defaultSettings: Settings = settingsSchema.parse({})

/** Some settings to change; nothing else, and nothing that makes no sense. */
export const settingsChangeSchema = z
  .strictObject({ theme, engine, parallel, threads, keepTraining: z.boolean(), checkpointSeconds })
  .partial()
  .refine((change) => {
    const values: unknown[] = Object.values(change)
    return values.length > 0 && !values.includes(undefined)
  }, 'Name the setting to change, and its value.')
export type SettingsChange = z.infer<typeof settingsChangeSchema>
