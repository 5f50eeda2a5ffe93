import { Option, type Command } from 'commander'
import { defaultSampling, samplingSchema, type Normalisation, type Sampling } from '#shared/domain/dataset.ts'
import { parseInput } from './parseInput.ts'
import { toNumber } from './text.ts'

export interface SamplingOptions {
  patch?: number
  patches?: number
  color?: 'gray' | 'rgb'
  normalize?: Normalisation['kind']
  range?: 'sigmoid' | 'tanh'
  epsilon?: number
  seed?: number
}

export function addSamplingOptions(command: Command): Command {
  return command
    .option('--patch <pixels>', 'side of a square patch, 2 to 64 (default: 8)', toNumber)
    .option('--patches <count>', 'patches to sample (default: 10000)', toNumber)
    .addOption(new Option('--color <mode>', 'gray or rgb (default: gray)').choices(['gray', 'rgb']))
    .addOption(
      new Option(
        '--normalize <kind>',
        'squash: remove the mean, clip at 3 sigma, map to [0.1, 0.9]; zca: whiten; none',
      ).choices(['squash', 'zca', 'none']),
    )
    .addOption(
      new Option('--range <units>', 'squash for sigmoid [0.1, 0.9] or tanh [-0.8, 0.8]').choices([
        'sigmoid',
        'tanh',
      ]),
    )
    .option('--epsilon <value>', 'regularisation of zca (default: 0.1)', toNumber)
    .option('--seed <number>', 'seed of the sampling (default: 1)', toNumber)
}

/** @param usual the normalisation where none is asked for */
export function samplingFrom(options: SamplingOptions, usual: Normalisation['kind']): Sampling {
  return parseInput(samplingSchema, {
    patchSize: options.patch ?? defaultSampling.patchSize,
    patches: options.patches ?? defaultSampling.patches,
    channels: options.color === 'rgb' ? 3 : 1,
    normalisation: normalisationFrom(options, usual),
    seed: options.seed ?? defaultSampling.seed,
  })
}

function normalisationFrom(options: SamplingOptions, usual: Normalisation['kind']): Normalisation {
  switch (options.normalize ?? usual) {
    case 'squash':
      return { kind: 'squash', range: options.range ?? 'sigmoid' }
    case 'zca':
      return { kind: 'zca', epsilon: options.epsilon ?? 0.1 }
    case 'none':
      return { kind: 'none' }
  }
}
