import { Option, type Command } from 'commander'
import {
  defaultSampling,
  removedMeans,
  samplingSchema,
  storedMean,
  usualMean,
  whitens,
  type Normalisation,
  type RemovedMean,
  type Sampling,
} from '#shared/domain/dataset.ts'
import { activationNames, activationTable, type ActivationName } from '#shared/model/activations.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Streams } from '#shared/random/stream.ts'
import { parseInput } from './parseInput.ts'
import { SettingOption } from './configOptions.ts'
import { toCount, toNumber } from './text.ts'

export interface SamplingOptions {
  patch?: number
  patches?: number
  color?: 'gray' | 'rgb'
  normalize?: Normalisation['kind']
  range?: ActivationName
  epsilon?: number
  mean?: RemovedMean
  keep?: number
  seed?: number
  streams?: Streams
  unique?: boolean
  pages?: 'all' | 'first'
  minContrast?: number
}

const normalisations = ['squash', 'mean', 'zca', 'pca', 'none'] as const satisfies Normalisation['kind'][]

/** @param usual what is taken where an option is left out, for the help */
export function addSamplingOptions(
  command: Command,
  usual: Record<'patch' | 'patches' | 'color' | 'seed', string> = {
    patch: '8',
    patches: '10000',
    color: 'gray',
    seed: '1',
  },
): Command {
  return command
    .option('--patch <pixels>', `side of a square patch, 2 to 64 (default: ${usual.patch})`, toCount)
    .option('--patches <count>', `patches to sample (default: ${usual.patches})`, toCount)
    .addOption(new Option('--color <mode>', `gray or rgb (default: ${usual.color})`).choices(['gray', 'rgb']))
    .addOption(
      new Option(
        '--normalize <kind>',
        'squash: remove the mean, clip at 3 sigma, map to [0.1, 0.9]; mean: remove each patch’s mean; zca: whiten; pca: whiten to principal components; none',
      ).choices(normalisations),
    )
    .addOption(
      new Option(
        '--range <units>',
        `squash for ${activationNames.map((name) => `${name} [${activationTable[name].patchRange.join(', ')}]`).join(' or ')}`,
      ).choices(activationNames),
    )
    .option('--epsilon <value>', 'regularisation of zca and pca (default: 0.1)', toNumber)
    .addOption(
      new Option(
        '--mean <which>',
        'that zca and pca remove first: of each patch, or of each value over all patches (default: value for rgb)',
      ).choices(removedMeans),
    )
    .option(
      '--keep <share>',
      'share of the variance that pca keeps; weaker components become 0 (default: 1)',
      toNumber,
    )
    .option(
      '--min-contrast <deviation>',
      'draw again patches whose own standard deviation, of values from 0 to 1, is smaller',
      toNumber,
    )
    .option('--seed <number>', `seed of the sampling (default: ${usual.seed})`, toCount)
    .addOption(new SettingOption('streams'))
}

/** @param usual the normalisation where none is asked for */
export function samplingFrom(
  options: SamplingOptions,
  usual: Normalisation['kind'] | Normalisation,
  base: Sampling = defaultSampling,
): Sampling {
  const channels = options.color === undefined ? base.channels : options.color === 'rgb' ? 3 : 1
  const like = typeof usual === 'string' ? { kind: usual } : usual
  return parseInput(samplingSchema, {
    patchSize: options.patch ?? base.patchSize,
    patches: options.patches ?? base.patches,
    channels,
    normalisation: normalisationFrom(options, like, {
      channels,
      // A dataset made anew from another stays what it was, unless its patches become others.
      isSame:
        channels === base.channels && (options.normalize ?? like.kind) === like.kind && 'epsilon' in like,
    }),
    seed: options.seed ?? base.seed,
    // Absent, not undefined: what is stored says only what was asked for.
    ...definedOnly({
      streams: options.streams ?? base.streams,
      jpeg: base.jpeg,
      pages: options.pages ?? base.pages,
    }),
    ...((options.unique ?? base.unique) && { unique: true }),
    ...definedOnly({ minContrast: options.minContrast ?? base.minContrast }),
  })
}

const definedOnly = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** What each kind can be told; an option that another kind takes is refused, not passed over. */
const fieldsOf: Record<Normalisation['kind'], readonly (keyof SamplingOptions)[]> = {
  squash: ['range'],
  mean: [],
  zca: ['epsilon', 'mean'],
  pca: ['epsilon', 'keep', 'mean'],
  none: [],
}

function normalisationFrom(
  options: SamplingOptions,
  usual: { kind: Normalisation['kind'] } | Normalisation,
  { channels, isSame }: { channels: 1 | 3; isSame: boolean },
): unknown {
  const kind = options.normalize ?? usual.kind
  for (const field of ['range', 'epsilon', 'keep', 'mean'] as const) {
    if (options[field] === undefined || fieldsOf[kind].includes(field)) continue
    throw new LabError('badUsage', `--${field} says nothing with --normalize ${kind}. Leave it out.`)
  }
  const { mean: before, ...rest } = { mean: undefined, ...usual }
  const removed = options.mean ?? (isSame ? (before ?? 'patch') : usualMean(channels))
  return {
    ...(kind === usual.kind && rest),
    kind,
    ...(whitens({ kind }) && storedMean(removed)),
    ...definedOnly({ range: options.range, epsilon: options.epsilon, keptVariance: options.keep }),
  }
}
