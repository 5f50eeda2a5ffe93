import {
  defaultConfig,
  runConfigSchema,
  type Activation,
  type Decoder,
  type EngineChoice,
  type Optimiser,
  type RunConfig,
} from '#shared/domain/runConfig.ts'
import { formatPlain } from '../../format/number.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { parseNumber } from '../form/parseNumber.ts'

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
  'momentum',
  'rhoHatDecay',
  'seed',
] as const
export type NumberKey = (typeof numberKeys)[number]

/** The form as it is written: numbers are text until they are read. */
export interface RunDraft extends Record<NumberKey, string> {
  activation: Activation
  decoder: Decoder
  optimiser: Optimiser
  engine: EngineChoice
}

export function draftOf(config: RunConfig): RunDraft {
  const numbers = Object.fromEntries(
    numberKeys.map((key) => [key, formatPlain(config[key]).replace('−', '-')]),
  ) as Record<NumberKey, string>
  const { activation, decoder, optimiser, engine } = config
  return { ...numbers, activation, decoder, optimiser, engine }
}

/** Settings that an optimiser does not have: they are not shown, so they cannot be wrong. */
const onlyFor: Partial<Record<NumberKey, readonly Optimiser[]>> = {
  history: ['lbfgs'],
  gradientTolerance: ['lbfgs'],
  batch: ['adam', 'sgd'],
  learningRate: ['adam', 'sgd'],
  momentum: ['sgd'],
  rhoHatDecay: ['adam', 'sgd'],
}

export const isUsed = (key: NumberKey, optimiser: Optimiser): boolean =>
  onlyFor[key]?.includes(optimiser) ?? true

/** The configuration that a form means, or a sentence for each field that cannot be. */
export function readRunDraft(draft: RunDraft): {
  config: RunConfig | null
  problems: Readonly<Record<string, string>>
} {
  const numbers = Object.fromEntries(
    numberKeys.map((key) => [
      key,
      isUsed(key, draft.optimiser) ? parseNumber(draft[key]) : defaultConfig[key],
    ]),
  )
  const { activation, decoder, optimiser, engine } = draft
  const parsed = runConfigSchema.safeParse({ ...numbers, activation, decoder, optimiser, engine })
  return { config: parsed.success ? parsed.data : null, problems: fieldErrors(parsed.error) }
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
