import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { patchesFile } from '#db/queries/datasets.ts'
import { gradientOnDataset } from '#main/analysis/gradientOnDataset.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeDataset, makeLibrary } from '../db/makeLibrary.ts'

const config = { ...defaultConfig, hidden: 3, engine: 'reference' } as const

test('the gradient is checked on the first patches of a dataset, or on all where there are fewer', async () => {
  const library = makeLibrary()
  const id = await makeDataset(library)
  expect(await gradientOnDataset(library, id, config, 4)).toMatchObject({ patches: 4, passed: true })
  expect(await gradientOnDataset(library, id, config)).toMatchObject({ patches: 6, passed: true })
})

test('a dataset that is not there, or damaged, is named in a sentence', async () => {
  const library = makeLibrary()
  const id = await makeDataset(library)
  await expect(gradientOnDataset(library, id + 1, config)).rejects.toMatchObject({ code: 'notFound' })
  rmSync(patchesFile(library, id).path)
  await expect(gradientOnDataset(library, id, config)).rejects.toMatchObject({ code: 'badInput' })
})
