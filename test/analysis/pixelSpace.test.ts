import { expect, test } from 'vitest'
import type { Library } from '#db/library.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { unitGabor } from '#main/analysis/unitGabor.ts'
import { unitMatches } from '#main/analysis/unitMatches.ts'
import { zca } from '#main/dataset/normalise/zca.ts'
import { fitGabor } from '#shared/filters/gaborFit.ts'
import { pixelFilters } from '#shared/filters/pixelFilters.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { createRandom } from '#shared/random/random.ts'
import { makeDataset, makeLibrary, makeRun } from '../db/makeLibrary.ts'

const side = 8
const n = side * side

/** Smooth patches, whitened: neighbouring pixels differ little before. */
async function whitenedDataset(library: Library): Promise<number> {
  const random = createRandom(7)
  const m = 300
  const patches = new Float32Array(m * n)
  for (let i = 0; i < patches.length; i++) {
    const [left, above] = [i % side === 0 ? 0 : patches[i - 1], i % n < side ? 0 : patches[i - side]]
    patches[i] = 0.5 * left + 0.4 * above + 0.2 * random.uniform()
  }
  const { whitening } = zca(patches, m, n, 0.001)
  const normalisation = { kind: 'zca', epsilon: 0.001 } as const
  return makeDataset(library, { patches, m, n, patchSize: side, whitening, normalisation })
}

/** A wave under a bell, as a unit of a run. */
const wave = Float32Array.from({ length: n }, (_, i) => {
  const [x, y] = [(i % side) - 3.5, Math.floor(i / side) - 3.5]
  return Math.exp(-(x * x + y * y) / 8) * Math.cos(1.6 * x + 0.3 * y)
})
async function runWithWave(library: Library, datasetId: number): Promise<number> {
  const id = await makeRun(library, { datasetId, config: { hidden: 1 } })
  const theta = new Float32Array(thetaLayout({ n, h: 1 }).length)
  theta.set(wave)
  await writeSnapshot(library, id, 0, theta, Float32Array.of(0.1))
  return id
}

test('a Gabor function is fitted to the filter that is drawn', async () => {
  const library = makeLibrary()
  const datasetId = await whitenedDataset(library)
  const id = await runWithWave(library, datasetId)
  const drawn = pixelFilters(wave, readWhitening(library, datasetId)!)
  const weights = unitGabor(library, id, 0, 0, 'whitened')
  const pixels = unitGabor(library, id, 0, 0, 'pixels')
  expect(weights).toEqual(fitGabor(wave, side, 1))
  expect(pixels).toEqual(fitGabor(drawn, side, 1))
  // Fit and residual together are what is drawn, which is not the weights.
  const sum = pixels!.fit.map((value, i) => value + pixels!.residual[i])
  const mean = drawn.reduce((total, value) => total + value, 0) / n
  sum.forEach((value, i) => expect(value).toBeCloseTo(drawn[i] - mean, 4))
  expect(pixels!.fit).not.toEqual(weights!.fit)
})

test('a match in another run is drawn by the whitening of its own dataset, and found by the weights', async () => {
  const library = makeLibrary()
  const datasetId = await whitenedDataset(library)
  const plain = await makeDataset(library, { n, patchSize: side })
  const own = await runWithWave(library, plain)
  const whitened = await runWithWave(library, datasetId)
  const same = await runWithWave(library, plain)
  const matches = (space: 'whitened' | 'pixels') =>
    new Map(unitMatches(library, own, 0, 0, space).map((match) => [match.runId, match]))
  const [weights, pixels] = [matches('whitened'), matches('pixels')]
  expect(weights.get(whitened)?.filter).toEqual(wave)
  expect(pixels.get(whitened)?.filter).toEqual(pixelFilters(wave, readWhitening(library, datasetId)!))
  expect(pixels.get(same)?.filter).toEqual(wave)
  for (const found of [weights, pixels]) expect(found.get(whitened)?.cosine).toBeCloseTo(1, 6)
})
