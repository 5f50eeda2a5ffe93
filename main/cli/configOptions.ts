import { Option, type Command } from 'commander'
import { LabError } from '#shared/domain/labError.ts'
import { findPreset, presets } from '#shared/domain/presets.ts'
import {
  activations,
  decoders,
  defaultConfig,
  engineChoices,
  optimisers,
  schedules,
  runConfigSchema,
  type RunConfig,
} from '#shared/domain/runConfig.ts'
import { parseInput } from './parseInput.ts'
import { streamsOption } from './streamsOption.ts'
import { toCount, toNumber } from './text.ts'

export interface ConfigOptions {
  preset?: string
  hidden?: number
  rho?: number
  lambda?: number
  beta?: number
  activation?: RunConfig['activation']
  decoder?: RunConfig['decoder']
  optimizer?: RunConfig['optimiser']
  iterations?: number
  history?: number
  gradientTolerance?: number
  batch?: number
  learningRate?: number
  schedule?: RunConfig['schedule']
  decayEvery?: number
  decayFactor?: number
  finalShare?: number
  momentum?: number
  rhoHatDecay?: number
  validation?: number
  engine?: RunConfig['engine']
  seed?: number
  streams?: RunConfig['streams']
}

/** The options that say which network and cost: for `train`, `evaluate` and `gradcheck`. */
export function addHyperparameterOptions(command: Command): Command {
  return command
    .addOption(new Option('--preset <id>', `start from a preset: ${presets.map(({ id }) => id).join(', ')}`))
    .option('--hidden <units>', 'hidden units h (default: 25)', toCount)
    .option('--rho <target>', 'sparsity target, between 0 and 1 (default: 0.01)', toNumber)
    .option('--lambda <weight>', 'weight decay (default: 1e-4)', toNumber)
    .option('--beta <weight>', 'weight of the sparsity penalty; 0 switches it off (default: 3)', toNumber)
    .addOption(new Option('--activation <f>', 'of the hidden units (default: sigmoid)').choices(activations))
    .addOption(
      new Option('--decoder <g>', 'same as the activation, or linear (default: same)').choices(decoders),
    )
    .addOption(
      new Option('--engine <name>', 'who computes (default: auto, the fastest here)').choices(engineChoices),
    )
    .option('--seed <number>', 'seed of the initial weights and the order of patches (default: 1)', toCount)
    .addOption(streamsOption())
}

/** The options that say how it is minimised: for `train`. */
export function addOptimiserOptions(command: Command): Command {
  return command
    .addOption(new Option('--optimizer <name>', '(default: lbfgs)').choices(optimisers))
    .option('--iterations <count>', 'L-BFGS steps, or epochs (default: 400)', toCount)
    .option('--history <pairs>', 'pairs that L-BFGS keeps (default: 100)', toCount)
    .option(
      '--gradient-tolerance <value>',
      'L-BFGS: converged at this max |gradient| (default: 1e-5)',
      toNumber,
    )
    .option('--batch <patches>', 'patches a step, adam and sgd (default: 256)', toCount)
    .option('--learning-rate <rate>', 'adam and sgd (default: 0.001)', toNumber)
    .addOption(
      new Option(
        '--schedule <name>',
        'how the learning rate changes from epoch to epoch, adam and sgd (default: constant)',
      ).choices(schedules),
    )
    .option('--decay-every <epochs>', 'step schedule: epochs between decays (default: 100)', toCount)
    .option(
      '--decay-factor <value>',
      'step schedule: what the rate is multiplied with (default: 0.5)',
      toNumber,
    )
    .option('--final-share <value>', 'cosine schedule: share of the rate at the end (default: 0)', toNumber)
    .option('--momentum <value>', 'sgd (default: 0.9)', toNumber)
    .option(
      '--rho-hat-decay <value>',
      'moving average of the average activations, adam and sgd (default: 0.9)',
      toNumber,
    )
    .option(
      '--validation <share>',
      'share of the patches to hold out and measure, 0 to 0.5 (default: 0)',
      toNumber,
    )
}

/** @throws LabError badInput on an unknown preset or a value out of range */
export function configFrom(options: ConfigOptions, base: Partial<RunConfig> = {}): RunConfig {
  return parseInput(runConfigSchema, {
    ...defaultConfig,
    ...presetConfig(options.preset),
    ...base,
    ...given(options),
  })
}

/** The settings that were given, and no others. @throws LabError as configFrom */
export function settingsFrom(options: ConfigOptions): Partial<RunConfig> {
  const said = { ...presetConfig(options.preset), ...given(options) }
  return Object.fromEntries(Object.entries(configFrom(options)).filter(([key]) => key in said))
}

function given({ optimizer, ...rest }: ConfigOptions) {
  const named = Object.entries({ ...rest, optimiser: optimizer })
  return Object.fromEntries(
    named.filter(([key, value]) => key in runConfigSchema.shape && value !== undefined),
  )
}

function presetConfig(id: string | undefined): Partial<RunConfig> {
  if (id === undefined) return {}
  const preset = findPreset(id)
  if (!preset) {
    const known = presets.map((preset) => preset.id).join(', ')
    throw new LabError('badUsage', `There is no preset "${id}". The presets are ${known}.`)
  }
  return preset.config
}
