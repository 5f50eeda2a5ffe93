import { describe, expect, test } from 'vitest'
import { arrayOptions, plainChoice, useOfArray } from '../../../renderer/components/import/arrayOptions.ts'
import { emptyParameters, readParameters } from '../../../renderer/components/import/parameterDraft.ts'
import { draftOf, readSamplingDraft } from '../../../renderer/components/import/samplingDraft.ts'
import { defaultSampling, generatorNames } from '#shared/domain/dataset.ts'
import type { ArrayEntry, FileLook } from '#shared/domain/datasetSource.ts'

const X: ArrayEntry = { name: 'X', shape: [60_000, 784], type: 'float64', use: 'patches' }
const labels: ArrayEntry = { name: 'y', shape: [60_000], type: 'int64', use: null }
const IMAGES: ArrayEntry = { name: 'IMAGES', shape: [512, 512, 10], type: 'double', use: 'images' }

describe('the array picker', () => {
  test('shows all arrays of a file, and lets only those be chosen that can be used', () => {
    expect(arrayOptions([X, labels, IMAGES])).toEqual([
      { value: 'X', label: 'X, 60000 × 784 float64, patches', disabled: false },
      { value: 'y', label: 'y, 60000 int64', disabled: true },
      { value: 'IMAGES', label: 'IMAGES, 512 × 512 × 10 double, images', disabled: false },
    ])
  })

  test('chooses by itself where there is no question', () => {
    expect(plainChoice([X, labels])).toBe('X')
    expect(plainChoice([X, IMAGES])).toBe('IMAGES')
    expect(plainChoice([X, { ...X, name: 'Z' }])).toBeNull()
    expect(plainChoice([labels])).toBeNull()
  })

  test('a file of one array says what it is; before a choice of several nothing is known', () => {
    const look: FileLook = { arrays: [], use: 'images', shape: [6, 10, 10], isWhole: false, table: null }
    expect(useOfArray(look, null)).toBe('images')
    const several: FileLook = { ...look, arrays: [X, IMAGES], use: null }
    expect(useOfArray(several, null)).toBeNull()
    expect(useOfArray(several, 'IMAGES')).toBe('images')
  })
})

describe('a generator’s parameters', () => {
  test.each(generatorNames)('%s: left empty they are the usual', (generator) => {
    expect(readParameters(emptyParameters(generator))).toEqual({ parameters: {}, problems: {} })
  })

  test('are read as numbers, or refused in a sentence', () => {
    expect(readParameters({ probability: ' 0.3 ' }).parameters).toEqual({ probability: 0.3 })
    expect(readParameters({ images: '2.5' })).toEqual({
      parameters: null,
      problems: { images: 'Images must be a whole number from 1 to 100.' },
    })
    expect(readParameters({ deviation: 'x' }).problems).toEqual({
      deviation: 'Deviation must be a number from 0.01 to 0.5.',
    })
  })
})

describe('least contrast and copies', () => {
  test('survive the form, and are not said where they were not asked for', () => {
    const asked = { ...defaultSampling, minContrast: 0.05, unique: true }
    expect(readSamplingDraft(draftOf(asked)).sampling).toEqual(asked)
    expect(Object.keys(readSamplingDraft(draftOf(defaultSampling)).sampling ?? {}).toSorted()).toEqual(
      Object.keys(defaultSampling).toSorted(),
    )
  })

  test('a contrast that no patch can have is refused', () => {
    const read = readSamplingDraft({ ...draftOf(defaultSampling), minContrast: '0.6' })
    expect(read.problems).toEqual({ minContrast: 'The least contrast must lie between 0 and 0.5.' })
  })
})
