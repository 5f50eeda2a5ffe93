import { describe, expect, test } from 'vitest'
import { fitRemarks, parameterCount } from '../../../renderer/components/newRun/fitRemarks.ts'
import { datasetFor } from '../../../renderer/components/newRun/presetMatch.ts'
import { draftOf, fieldsOf, readRunDraft, readTags } from '../../../renderer/components/newRun/runDraft.ts'
import type { DatasetStatistics } from '#shared/domain/dataset.ts'
import { presets } from '#shared/domain/presets.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { isUsed, settingKeys, settingOf, wordsOf } from '#shared/settings/runSettings.ts'
import { rangeText } from '#shared/settings/settingSchema.ts'
import { makeDataset } from '../makeRun.ts'

describe('the new-run form', () => {
  test.each(presets.map((preset) => [preset.id, preset.config] as const))(
    'preset %s survives the form',
    (_, config) => {
      const { config: read, problems } = readRunDraft(draftOf(config))
      expect(problems).toEqual({})
      expect(read).toEqual(config)
    },
  )

  test('has a field for every setting that means something, once, in its part', () => {
    const draft = draftOf({ ...defaultConfig, optimiser: 'sgd', schedule: 'step' })
    const parts = ['data', 'network', 'cost', 'training'] as const
    const used = settingKeys.filter((key) => settingOf(key).field !== null && isUsed(key, draft))
    expect(parts.flatMap((part) => fieldsOf(part, draft)).toSorted()).toEqual(used.toSorted())
    expect(fieldsOf('training', draft)).toEqual([
      'optimiser',
      'iterations',
      'seed',
      'batch',
      'momentum',
      'rhoHatDecay',
      'learningRate',
      'schedule',
      'decayEvery',
      'decayFactor',
      'engine',
    ])
  })

  test.each([
    ['hidden', '1–10,000'],
    ['rho', 'between 0 and 1'],
    ['lambda', '0 or larger'],
    ['history', '1–200 pairs'],
    ['learningRate', 'above 0, to 100'],
    ['decayFactor', 'between 0 and 1'],
    ['finalShare', '0–1'],
    ['momentum', '0 to below 1'],
    ['validation', '0–0.5'],
    ['seed', 'whole number'],
  ] as const)('says what %s takes: %s', (key, range) => {
    const setting = settingOf(key)
    expect(setting.kind !== 'choice' && rangeText(setting)).toBe(range)
  })

  test('calls iterations of mini-batches epochs', () => {
    const words = (optimiser: string) => wordsOf(settingOf('iterations'), { optimiser }).label
    expect([words('lbfgs'), words('adam'), words('sgd')]).toEqual(['Iterations', 'Epochs', 'Epochs'])
  })

  test.each([
    ['hidden', '0', 'Hidden units must be at least 1.'],
    ['hidden', '', 'Hidden units must be a whole number from 1 to 10000.'],
    ['hidden', '2.5', 'Hidden units must be a whole number from 1 to 10000.'],
    ['rho', '1', 'ρ must lie between 0 and 1, both excluded.'],
    ['rho', 'abc', 'ρ must lie between 0 and 1.'],
    ['lambda', '-1', 'λ must be 0 or larger.'],
    [
      'validation',
      '0.6',
      'The validation share must be at most 0.5: the rest is what the network learns from.',
    ],
    ['seed', '-1', 'Seed must be at least 0.'],
    ['lambda', '0,001', '“0,001” has a decimal comma; write decimals with a point: 0.001.'],
    ['hidden', '1.000', '“1.000” could be 1000 or 1; write one of these.'],
  ] as const)('%s = "%s" is refused: %s', (key, text, sentence) => {
    const { config, problems } = readRunDraft({ ...draftOf(defaultConfig), [key]: text })
    expect(config).toBeNull()
    expect(problems).toEqual({ [key]: sentence })
  })

  test('a setting that the optimiser does not have cannot be wrong', () => {
    const draft = { ...draftOf(defaultConfig), learningRate: 'x', batch: '0' }
    expect(readRunDraft(draft).config).not.toBeNull()
    expect(Object.keys(readRunDraft({ ...draft, optimiser: 'adam' }).problems).toSorted()).toEqual([
      'batch',
      'learningRate',
    ])
    expect(isUsed('momentum', { optimiser: 'adam', schedule: 'constant' })).toBe(false)
    expect(isUsed('momentum', { optimiser: 'sgd', schedule: 'constant' })).toBe(true)
  })

  test('a schedule has its own settings, and L-BFGS has no schedule', () => {
    const wrong = { ...draftOf(defaultConfig), decayEvery: '0', decayFactor: '1', finalShare: '2' }
    const problemsOf = (change: Partial<typeof wrong>) =>
      Object.keys(readRunDraft({ ...wrong, ...change }).problems).toSorted()
    expect(problemsOf({ optimiser: 'adam' })).toEqual([])
    expect(problemsOf({ optimiser: 'adam', schedule: 'step' })).toEqual(['decayEvery', 'decayFactor'])
    expect(problemsOf({ optimiser: 'sgd', schedule: 'cosine' })).toEqual(['finalShare'])
    expect(readRunDraft({ ...wrong, schedule: 'cosine' }).config).toEqual(defaultConfig)
    const config = { ...defaultConfig, optimiser: 'sgd', schedule: 'step', decayFactor: 0.1 } as const
    expect(readRunDraft(draftOf(config)).config).toEqual(config)
  })

  test('tags are cut at commas, each once', () => {
    expect(readTags(' thesis, fig 3,, thesis ,')).toEqual(['thesis', 'fig 3'])
  })
})

describe('remarks on data that do not fit', () => {
  const statistics = (min: number, max: number): DatasetStatistics => ({
    before: null,
    after: { mean: 0, deviation: 1, histogram: { min, max, counts: [1] } },
    threeSigma: null,
    clippedShare: null,
  })
  const remarks = (
    config: Partial<typeof defaultConfig>,
    dataset = {},
    range: [number, number] = [0.1, 0.9],
  ) =>
    fitRemarks({ ...defaultConfig, ...config }, makeDataset(dataset), statistics(...range)).map(
      ({ text }) => text,
    )

  test('the Edges preset on sigmoid data has none', () => {
    expect(remarks({})).toEqual([])
  })

  test('whitened data leave a sigmoid decoder’s range, a linear one takes them', () => {
    const zca = { normalisation: { kind: 'zca', epsilon: 0.1 } } as const
    expect(remarks({}, zca, [-2.2, 2.3])).toEqual([
      'The patches hold values from −2.2 to 2.3; a sigmoid decoder gives only 0 to 1.',
    ])
    expect(remarks({ decoder: 'linear' }, zca, [-2.2, 2.3])).toEqual([])
  })

  test('tanh on data made for sigmoid, and sigmoid on data made for tanh', () => {
    expect(remarks({ activation: 'tanh' })).toEqual([
      expect.stringContaining('mapped to 0.1–0.9 for sigmoid units'),
    ])
    const tanh = { normalisation: { kind: 'squash', range: 'tanh' } } as const
    expect(remarks({ activation: 'tanh' }, tanh, [-0.8, 0.8])).toEqual([])
    expect(remarks({}, tanh, [-0.8, 0.8])).toEqual([expect.stringContaining('gives only 0 to 1')])
  })

  test('batches larger than the data, more units than patches, very many parameters', () => {
    expect(remarks({ optimiser: 'adam', batch: 20_000 })).toEqual([
      expect.stringContaining('batch of 20,000'),
    ])
    expect(remarks({ hidden: 100 }, { patches: 50 })).toEqual([expect.stringContaining('fewer patches (50)')])
    expect(remarks({ hidden: 10_000 }, { visible: 4_096, patches: 100_000 })).toEqual([
      expect.stringContaining('parameters'),
    ])
    expect(parameterCount(64, 25)).toBe(3_289)
  })
})

describe('the dataset that a preset proposes', () => {
  const edges = presets[0]
  const noise = presets.find((preset) => preset.id === 'noise')

  test('is one it was made for', () => {
    const tanh = makeDataset({ id: 1, normalisation: { kind: 'squash', range: 'tanh' } })
    const large = makeDataset({ id: 2, patchSize: 10, visible: 100 })
    const fitting = makeDataset({ id: 3, normalisation: { kind: 'squash', range: 'sigmoid' } })
    expect(datasetFor(edges, [tanh, large, fitting])?.id).toBe(3)
    expect(datasetFor(edges, [tanh, large])).toBeNull()
  })

  test('for noise is noise, for images never is', () => {
    const data = { patchSize: 10, visible: 100 }
    const images = makeDataset({ id: 1, ...data })
    const gaussian = makeDataset({ id: 2, ...data, kind: 'noise' })
    expect(noise && datasetFor(noise, [images, gaussian])?.id).toBe(2)
    expect(datasetFor(edges, [makeDataset({ kind: 'noise' })])).toBeNull()
  })
})
