import { truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { patchesFile } from '#db/queries/datasets.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { unitActivations } from '#main/analysis/unitActivations.ts'
import { forward } from '#main/engine/forward.ts'
import { createRandom } from '#shared/random/random.ts'
import { makeDataset, makeLibrary, makeRun } from '../db/makeLibrary.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'

const m = 300
const n = 9
const random = createRandom(1)
const patches = Float32Array.from({ length: m * n }, () => random.uniform())

async function makeUnits(config: Partial<RunConfig> = {}, draft: Partial<DatasetDraft> = {}) {
  const library = makeLibrary()
  const datasetId = await makeDataset(library, { patches, m, n, patchSize: 3, positions: null, ...draft })
  const runId = await makeRun(library, { datasetId, config: { hidden: 4, ...config }, snapshots: [0, 10] })
  const snapshot = readSnapshot(library, runId, 10)
  if (!snapshot) throw new Error('there is no snapshot')
  return { library, datasetId, runId, weights: snapshot.weights }
}

const hyper = { hidden: 4, decoder: 'same', penalty: 'kl', rho: 0.1, lambda: 0, beta: 0 } as const

describe.each(['sigmoid', 'tanh'] as const)('the activations of a unit, %s', (activation) => {
  test('are those of the network, over every patch of the dataset', async () => {
    const { library, runId, weights } = await makeUnits({ activation })
    const { activations } = forward(weights, { ...hyper, activation }, patches, m)
    const shares = Array.from({ length: m }, (_, i) => activations[i * 4 + 2]).map((a) =>
      activation === 'tanh' ? (1 + a) / 2 : a,
    )
    const unit = unitActivations(library, runId, 2, 99)
    const descending = shares.toSorted((a, b) => b - a)
    expect(unit).toMatchObject({ iteration: 10, patches: m })
    expect(unit.average).toBeCloseTo(shares.reduce((sum, share) => sum + share) / m, 6)
    expect(unit.median).toBeCloseTo((descending[149] + descending[150]) / 2, 6)
    expect(unit.largest).toBeCloseTo(descending[0], 6)
    expect(unit.aboveHalf).toBe(shares.filter((share) => share > 0.5).length / m)
    expect(unit.histogram).toMatchObject({ min: 0, max: 1 })
    expect(unit.histogram.counts).toHaveLength(40)
    unit.histogram.counts.forEach((count, bin) => {
      expect(count).toBe(shares.filter((share) => Math.floor(share * 40) === bin).length)
    })
    expect(unit.top).toHaveLength(24)
    unit.top.forEach(({ activation, row, rank, position }, i) => {
      expect(activation).toBeCloseTo(descending[i], 6)
      expect(activation).toBeCloseTo(shares[row], 6)
      expect(rank).toBe(i + 1)
      expect(position).toBeNull()
      expect([...unit.topPatches.subarray(i * n, (i + 1) * n)]).toEqual([
        ...patches.subarray(row * n, (row + 1) * n),
      ])
    })
    const [first] = unit.top
    const values = patches.subarray(first.row * n, (first.row + 1) * n)
    const mean = values.reduce((sum, value) => sum + value) / n
    expect(first.mean).toBeCloseTo(mean, 5)
    expect(first.deviation).toBeCloseTo(
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n),
      5,
    )
  })
})

test('its top patches say where they lie, and do not show one place over and over', async () => {
  // All patches lie in four images of 10 × 10, so that most of them overlap.
  const places = createRandom(5)
  const positions = Int32Array.from({ length: 3 * m }, (_, i) => places.integer(i % 3 === 0 ? 4 : 8))
  const { library, runId } = await makeUnits({}, { positions })
  const { top } = unitActivations(library, runId, 1, 99)
  expect(top.length).toBeGreaterThan(8)
  top.forEach(({ row, position }, i) => {
    expect(position).toEqual({
      image: positions[3 * row],
      x: positions[3 * row + 1],
      y: positions[3 * row + 2],
    })
    for (const other of top.slice(0, i)) {
      const isApart =
        other.position?.image !== position?.image ||
        Math.abs((other.position?.x ?? 0) - (position?.x ?? 0)) >= 3 ||
        Math.abs((other.position?.y ?? 0) - (position?.y ?? 0)) >= 3
      expect(isApart).toBe(true)
    }
  })
  const ranks = top.map(({ rank }) => rank)
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
  expect(ranks[0]).toBe(1)
  expect(ranks.at(-1)).toBeGreaterThan(top.length)
})

test('of a dataset without images equal patches are shown once', async () => {
  const copies = Float32Array.from({ length: m * n }, (_, i) => patches[i % (5 * n)])
  const { library, runId } = await makeUnits({}, { patches: copies })
  const { top } = unitActivations(library, runId, 0, 99)
  expect(new Set(top.map(({ row }) => row % 5)).size).toBe(5)
  expect(top).toHaveLength(5)
  expect(top[1].rank).toBe(61)
})

describe('what cannot be answered says what to do:', () => {
  test('a unit that the run has not', async () => {
    const { library, runId } = await makeUnits()
    expect(() => unitActivations(library, runId, 4, 0)).toThrow(/has 4 hidden units; there is no unit 5/)
  })

  test('a run without weights', async () => {
    const library = makeLibrary()
    const runId = await makeRun(library)
    expect(() => unitActivations(library, runId, 0, 0)).toThrow(/no weights yet/)
  })

  test('a dataset whose patches are cut short', async () => {
    const { library, runId, datasetId } = await makeUnits()
    truncateSync(patchesFile(library, datasetId).path, 4 * m * n - 40)
    expect(() => unitActivations(library, runId, 0, 0)).toThrow(/damaged/)
  })
})
