import { describe, expect, test } from 'vitest'
import { freeName } from '../../../renderer/components/import/freeName.ts'
import { generators } from '../../../renderer/components/import/generators.ts'
import { draftOf, readSamplingDraft } from '../../../renderer/components/import/samplingDraft.ts'
import { stageText } from '../../../renderer/components/import/stageText.ts'
import { defaultSampling, samplingSchema, type Sampling } from '#shared/domain/dataset.ts'

describe('the import form', () => {
  test.each<Sampling>([
    defaultSampling,
    { ...defaultSampling, normalisation: { kind: 'squash', range: 'tanh' } },
    { ...defaultSampling, channels: 3, normalisation: { kind: 'zca', epsilon: 0.01 } },
    { ...defaultSampling, channels: 3, normalisation: { kind: 'zca', epsilon: 0.1, mean: 'value' } },
    { ...defaultSampling, normalisation: { kind: 'pca', epsilon: 0.01, keptVariance: 0.99 } },
    { ...defaultSampling, normalisation: { kind: 'mean' } },
    { ...defaultSampling, normalisation: { kind: 'none' } },
    ...generators.map(({ sampling }) => ({ ...defaultSampling, ...sampling })),
  ])('%o survives it', (sampling) => {
    const read = readSamplingDraft(draftOf(sampling))
    expect(read.problems).toEqual({})
    expect(read.sampling).toEqual(samplingSchema.parse(sampling))
  })

  test.each([
    ['patchSize', '1', 'patchSize', 'The patch size must be a whole number from 2 to 64.'],
    ['patches', '', 'patches', 'The number of patches must be a whole number from 1 to 1000000.'],
    ['seed', '-1', 'seed', 'The seed must be 0 or larger.'],
    ['epsilon', '0', 'normalisation.epsilon', 'ε must be larger than 0.'],
    ['epsilon', 'x', 'normalisation.epsilon', 'ε must be larger than 0.'],
  ])('%s = "%s" is refused', (field, text, path, sentence) => {
    const draft = draftOf({ ...defaultSampling, normalisation: { kind: 'zca', epsilon: 0.1 } })
    const read = readSamplingDraft({ ...draft, [field]: text })
    expect(read.sampling).toBeNull()
    expect(read.problems).toEqual({ [path]: sentence })
  })
})

test('whitening chosen for colour removes the mean of each value, for grey that of each patch', () => {
  const chosen = (channels: 1 | 3) =>
    readSamplingDraft({ ...draftOf({ ...defaultSampling, channels }), normalisation: 'zca' }).sampling
  expect(chosen(3)?.normalisation).toEqual({ kind: 'zca', epsilon: 0.1, mean: 'value' })
  expect(chosen(1)?.normalisation).toEqual({ kind: 'zca', epsilon: 0.1 })
})

test('a second dataset of a name gets the first free number', () => {
  expect(freeName('nature', new Set())).toBe('nature')
  expect(freeName('nature', new Set(['nature', 'nature 2', 'nature 4']))).toBe('nature 3')
})

test('progress reads as a sentence', () => {
  expect(stageText({ stage: 'reading', done: 12, total: 13, skipped: 1 })).toBe(
    'Reading images, 12 of 13 (1 left out)',
  )
  expect(stageText({ stage: 'reading', done: 1, total: 10, skipped: 0 }, true)).toBe('Making images, 1 of 10')
  expect(stageText({ stage: 'listing', done: 0, total: 5_000, skipped: 0 })).toBe(
    'Listing files, 5,000 found',
  )
  expect(stageText({ stage: 'writing', done: 0, total: 0, skipped: 0 })).toBe('Writing the dataset')
})
