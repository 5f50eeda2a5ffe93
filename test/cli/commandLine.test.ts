import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { trainCommand } from '#main/cli/commands/train.ts'
import { configFrom, type ConfigOptions } from '#main/cli/configOptions.ts'
import { trainCommandLine } from '#shared/domain/commandLine.ts'
import { streamKinds } from '#shared/random/stream.ts'
import { presets } from '#shared/domain/presets.ts'
import {
  activations,
  decoders,
  defaultConfig,
  engineChoices,
  optimisers,
  schedules,
  type RunConfig,
} from '#shared/domain/runConfig.ts'

/** The words that a real shell makes of a command line. */
const words = (commandLine: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine}`])
    .toString()
    .split('\0')
    .slice(0, -1)

interface TrainOptions extends ConfigOptions {
  dataset: string
  name: string
  tag?: string[]
  init?: string
  initRun?: string
  initIteration?: number
}

/** What the command line's own parser reads from it. */
function parsed(commandLine: string): TrainOptions {
  const [lab, train, ...options] = words(commandLine)
  expect([lab, train]).toEqual(['lab', 'train'])
  for (const { attributeName, name } of trainCommand.options.map((option) => ({
    attributeName: option.attributeName(),
    name: option.long,
  }))) {
    if (name) trainCommand.setOptionValue(attributeName, undefined)
  }
  const { operands, unknown } = trainCommand.parseOptions(options)
  expect([operands, unknown]).toEqual([[], []])
  return trainCommand.opts<TrainOptions>()
}

const share = fc.double({ min: 1e-6, max: 0.5, noNaN: true })
const config: fc.Arbitrary<RunConfig> = fc.record({
  hidden: fc.integer({ min: 1, max: 10_000 }),
  activation: fc.constantFrom(...activations),
  decoder: fc.constantFrom(...decoders),
  rho: share,
  lambda: fc.double({ min: 0, max: 1, noNaN: true }),
  beta: fc.double({ min: 0, max: 10, noNaN: true }),
  optimiser: fc.constantFrom(...optimisers),
  iterations: fc.integer({ min: 1, max: 1_000_000 }),
  history: fc.integer({ min: 1, max: 200 }),
  gradientTolerance: fc.double({ min: 0, max: 1, noNaN: true }),
  batch: fc.integer({ min: 1, max: 1_000_000 }),
  learningRate: share,
  schedule: fc.constantFrom(...schedules),
  decayEvery: fc.integer({ min: 1, max: 1_000_000 }),
  decayFactor: share,
  finalShare: share,
  momentum: share,
  rhoHatDecay: share,
  validation: share,
  engine: fc.constantFrom(...engineChoices),
  seed: fc.integer({ min: 0, max: 0xffffffff }),
  streams: fc.constantFrom(...streamKinds),
})
const preset = fc.constantFrom(null, ...presets.map(({ id }) => id))
const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.includes('\0'))

const start = fc.oneof(
  fc.constant(null),
  word.map((file) => ({ kind: 'file' as const, file })),
  fc.record({
    kind: fc.constant('run' as const),
    runId: fc.integer({ min: 1, max: 999 }),
    name: word,
    iteration: fc.nat(400),
  }),
)

it('the copied command line trains the very same run, whatever its settings, name and tags', () => {
  fc.assert(
    fc.property(
      config,
      preset,
      word,
      fc.array(word, { maxLength: 3 }),
      start,
      (config, preset, name, tags, initialWeights) => {
        const options = parsed(trainCommandLine({ datasetId: 7, config, preset, name, tags, initialWeights }))
        expect(configFrom(options)).toEqual(config)
        expect(options).toMatchObject({ dataset: '7', name })
        expect(options.preset ?? null).toBe(preset)
        expect(options.tag ?? []).toEqual(tags)
        expect([options.init, options.initRun, options.initIteration]).toEqual(
          initialWeights?.kind === 'file'
            ? [initialWeights.file, undefined, undefined]
            : [undefined, initialWeights && String(initialWeights.runId), initialWeights?.iteration].map(
                (value) => value ?? undefined,
              ),
        )
      },
    ),
    { numRuns: 60 },
  )
})

it('says only what is not usual', () => {
  const run = { datasetId: 2, preset: null, name: 'Edges, wide', tags: [], initialWeights: null }
  expect(trainCommandLine({ ...run, config: { ...defaultConfig, hidden: 100, lambda: 3e-7 } })).toBe(
    'lab train --dataset 2 --hidden 100 --lambda 3e-7 "--name=Edges, wide"',
  )
})
