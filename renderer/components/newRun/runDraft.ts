import {
  defaultConfig,
  isWholeSetting,
  runConfigSchema,
  type Activation,
  type Decoder,
  type EngineChoice,
  type Optimiser,
  type RunConfig,
  type Schedule,
} from '#shared/domain/runConfig.ts'
import type { Streams } from '#shared/random/stream.ts'
import { isUsedBy } from '#shared/domain/usedSettings.ts'
import { formatField } from '../../format/number.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { parseNumber, typedProblems } from '../form/parseNumber.ts'

const numberKeys = [
  'hidden',
  'rho',
  'lambda',
  'beta',
  'iterations',
  'history',
  'gradientTolerance',
  'batch',
  'learningRate',
  'decayEvery',
  'decayFactor',
  'finalShare',
  'momentum',
  'rhoHatDecay',
  'validation',
  'seed',
] as const
export type NumberKey = (typeof numberKeys)[number]

/** The form as it is written: numbers are text until they are read. */
export interface RunDraft extends Record<NumberKey, string> {
  activation: Activation
  decoder: Decoder
  optimiser: Optimiser
  schedule: Schedule
  engine: EngineChoice
  /** Not shown: that of the run that this one is to repeat, or of new runs. */
  streams: Streams
}

export function draftOf(config: RunConfig): RunDraft {
  const numbers = Object.fromEntries(numberKeys.map((key) => [key, formatField(config[key])])) as Record<
    NumberKey,
    string
  >
  const { activation, decoder, optimiser, schedule, engine, streams } = config
  return { ...numbers, activation, decoder, optimiser, schedule, engine, streams }
}

/** Settings that an optimiser or schedule does not have are not shown, so they cannot be wrong. */
const onlyWith: Partial<Record<NumberKey, Schedule>> = {
  decayEvery: 'step',
  decayFactor: 'step',
  finalShare: 'cosine',
}

export const isUsed = (key: NumberKey, { optimiser, schedule }: Pick<RunDraft, 'optimiser' | 'schedule'>) =>
  isUsedBy(key, optimiser) && (onlyWith[key] ?? schedule) === schedule

/** The configuration that a form means, or a sentence for each field that cannot be. */
export function readRunDraft(draft: RunDraft): {
  config: RunConfig | null
  problems: Readonly<Record<string, string>>
} {
  const numbers = Object.fromEntries(
    numberKeys.map((key) => [
      key,
      isUsed(key, draft) ? parseNumber(draft[key], isWholeSetting(key)) : defaultConfig[key],
    ]),
  )
  const { activation, decoder, optimiser, engine, streams } = draft
  const schedule = optimiser === 'lbfgs' ? defaultConfig.schedule : draft.schedule
  const parsed = runConfigSchema.safeParse({
    ...numbers,
    activation,
    decoder,
    optimiser,
    schedule,
    engine,
    streams,
  })
  const written = Object.fromEntries(
    numberKeys.filter((key) => isUsed(key, draft)).map((key) => [key, draft[key]]),
  )
  return {
    config: parsed.success ? parsed.data : null,
    problems: { ...fieldErrors(parsed.error), ...typedProblems(written, isWholeSetting) },
  }
}

/** Tags as they are written, separated by commas; each once. */
export const readTags = (written: string): string[] => [
  ...new Set(
    written
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean),
  ),
]
