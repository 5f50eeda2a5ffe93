import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { trainCommand } from '#main/cli/commands/train.ts'
import { configFrom, type ConfigOptions } from '#main/cli/configOptions.ts'
import { trainCommandLine } from '#shared/domain/commandLine.ts'
import { presets } from '#shared/domain/presets.ts'
import { defaultConfig, runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { settingKeys, settingOf } from '#shared/settings/runSettings.ts'
import { choicesOf, type Setting } from '#shared/settings/setting.ts'

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

/** Any value that a setting takes, far from the ends where rounding decides. */
function anyValue(setting: Setting): fc.Arbitrary<number | string> {
  if (setting.kind === 'choice') return fc.constantFrom(...choicesOf(setting))
  if (setting.kind === 'whole') return fc.integer({ min: setting.min, max: setting.max })
  return fc.double({ min: setting.min + 1e-6, max: Math.min(setting.max, 10) - 1e-6, noNaN: true })
}
const config = fc
  .record(Object.fromEntries(settingKeys.map((key) => [key, anyValue(settingOf(key))])))
  .filter((any) => runConfigSchema.safeParse(any).success) as unknown as fc.Arbitrary<RunConfig>
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
