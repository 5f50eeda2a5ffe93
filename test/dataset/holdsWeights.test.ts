import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { holdsWeights } from '#main/dataset/array/holdsWeights.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { exportedOf, writers } from '../export/exported.ts'

const fixture = (name: string) => path.join(import.meta.dirname, '../fixtures/arrays', name)

test.each(['npz', 'mat', 'csv'])('exported weights as %s are known from patches', async (format) => {
  const file = path.join(makeFolder(), `W.${format}`)
  writeFileSync(file, writers[format](exportedOf(3, 4)))
  expect(await holdsWeights(file)).toBe(true)
})

test.each(['many.npz', 'many.mat', 'patches.csv', 'IMAGES.mat'])('%s is patches', async (name) => {
  expect(await holdsWeights(fixture(name))).toBe(false)
})
