import { z } from 'zod'
import { streamKinds } from '../random/stream.ts'
import type { RunSummary } from './run.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import {
  nameOf,
  settingKeys,
  settingOf,
  type SettingKey,
  type SettingValue,
} from '../settings/runSettings.ts'

export const maxSweepRuns = 2_000

/** What a sweep can vary: settings, and what the network learns from; datasets go by their ids. */
export type SweepParameter = SettingKey | 'dataset'

const isVaried = (key: SettingKey): boolean => {
  const setting = settingOf(key)
  return setting.kind === 'choice' ? setting.isVaried : setting.trial !== null
}

export const sweepParameters: readonly SweepParameter[] = [...settingKeys.filter(isVaried), 'dataset']

/** What a parameter is called in sentences and on axes. */
export const parameterName = (parameter: SweepParameter): string =>
  parameter === 'dataset' ? 'dataset' : nameOf(settingOf(parameter))

/** What a run has of what varies; its dataset by name. */
export const settingIn = (
  { config, datasetName }: Pick<RunSummary, 'config' | 'datasetName'>,
  parameter: SweepParameter,
): SettingValue => (parameter === 'dataset' ? datasetName : config[parameter])

const sentence = (error: string) => ({ error })
const steps = 'The steps of a range must be a whole number from 2 to 2000.'
const end = z.number('Both ends of a range must be numbers.')
const range = { from: end, to: end, steps: z.number(steps).int(steps).min(2, steps).max(maxSweepRuns, steps) }

const axisValuesSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('list'),
    values: z
      .array(z.union([z.number(), z.string().max(40)]))
      .min(1, 'An axis needs at least one value.')
      .max(maxSweepRuns, `An axis takes at most ${maxSweepRuns} values.`),
  }),
  z.strictObject({ kind: z.literal('linear'), ...range }),
  /** Evenly spaced in the logarithm; both ends larger than 0. */
  z.strictObject({ kind: z.literal('log'), ...range }),
])
export type AxisValues = z.infer<typeof axisValuesSchema>

const axisSchema = z.strictObject({
  parameter: z.enum(sweepParameters, sentence(`A sweep can vary ${sweepParameters.join(', ')}.`)),
  values: axisValuesSchema,
})
export type SweepAxis = z.infer<typeof axisSchema>

const draws = `The number of random configurations must be a whole number from 1 to ${maxSweepRuns}.`
const drawSeed = 'The seed of the draws must be a whole number from 0 to 4294967295.'
const strategySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('grid') }),
  z.strictObject({
    kind: z.literal('random'),
    count: z.number(draws).int(draws).min(1, draws).max(maxSweepRuns, draws),
    seed: z.number(drawSeed).int(drawSeed).min(0, drawSeed).max(0xffffffff, drawSeed),
    /** Absent in sweeps made before there was a choice: `shared`. */
    streams: z.enum(streamKinds).optional(),
  }),
])

const eta = 'Successive halving keeps one in 2 to 10.'
const firstLook = 'The first comparison must come after at least 1 iteration.'
const halvingSchema = z.strictObject({
  /** One in `eta` goes on from each comparison, to `eta` times the iterations. */
  eta: z.number(eta).int(eta).min(2, eta).max(10, eta),
  /** Iterations before the first comparison. */
  firstIterations: z.number(firstLook).int(firstLook).min(1, firstLook).max(1_000_000, firstLook),
  /**
   * Whether a comparison drops nobody where it says nothing: see nextHalvingStep. Sweeps of before compare whatever
   * the values.
   */
  careful: z.boolean().optional(),
})
export type Halving = z.infer<typeof halvingSchema>

/** What runs are ordered by; smaller is better. */
export const sweepMeasures = ['cost', 'reconstruction', 'validation'] as const
export type SweepMeasure = (typeof sweepMeasures)[number]

const repeats = 'The number of seeds must be a whole number from 1 to 100.'

/** A set of runs that differ in some settings: all combinations or random ones, each from one or more seeds. */
export const sweepSchema = z.strictObject({
  base: runConfigSchema,
  axes: z
    .array(axisSchema)
    .min(1, 'A sweep must vary at least one setting.')
    .max(sweepParameters.length, 'A setting can vary along one axis only.'),
  strategy: strategySchema,
  halving: halvingSchema.nullable(),
  /** Seeds a configuration is run from: the base's and those after it. */
  repeats: z.number(repeats).int(repeats).min(1, repeats).max(100, repeats),
  measure: z.enum(sweepMeasures, sentence(`The measure must be one of ${sweepMeasures.join(', ')}.`)),
})
export type Sweep = z.infer<typeof sweepSchema>

/** `interrupted`: it is not at its end, and nobody carries out or queues one of its runs. */
export type SweepStatus = 'running' | 'finished' | 'stopped' | 'interrupted'

/** A sweep as lists show it. */
export interface SweepSummary {
  id: number
  name: string
  datasetId: number
  datasetName: string
  sweep: Sweep
  status: SweepStatus
  createdAt: string
  /** Its runs that are in the library, and how many of them are at an end. */
  runs: number
  ended: number
  failed: number
}

/**
 * The measure that fits what varies: of patches held out where there are some; the cost itself weighs ρ, λ and β, so
 * where these vary the reconstruction error alone can be compared.
 */
export function defaultMeasure(
  base: Pick<RunConfig, 'validation'>,
  varied: readonly SweepParameter[],
): SweepMeasure {
  if (base.validation > 0) return 'validation'
  return changesCost(varied) ? 'reconstruction' : 'cost'
}

/** Whether costs of runs that differ so are sums of differently weighted terms. */
export const changesCost = (varied: readonly SweepParameter[]): boolean =>
  varied.some((parameter) => parameter !== 'dataset' && settingOf(parameter).weighsCost === true)
