import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Library } from '#db/library.ts'
import { readSnapshot, writeSnapshot } from '#db/queries/snapshots.ts'
import { answer } from '#main/analysis/answer.ts'
import { matchRuns } from '#main/analysis/matchRuns.ts'
import { unitMatches } from '#main/analysis/unitMatches.ts'
import { cosineSimilarity } from '#shared/filters/similarity.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { makeDataset, makeLibrary, makeRun } from '../db/makeLibrary.ts'

/** A run on 2 × 2 patches whose filters are the rows given. */
async function runWith(
  library: Library,
  datasetId: number,
  filters: number[][],
  name = 'run',
): Promise<number> {
  const id = await makeRun(library, { datasetId, name, config: { hidden: filters.length } })
  const theta = new Float32Array(thetaLayout({ n: 4, h: filters.length }).length)
  theta.set(filters.flat())
  await writeSnapshot(library, id, 3, theta, new Float32Array(filters.length))
  return id
}

const [up, down, left, right] = [
  [1, 1, 0, 0],
  [0, 0, 1, 1],
  [1, 0, 1, 0],
  [0, 1, 0, 1],
]
const dead = [0, 0, 0, 0]

describe('the match of a unit in other runs', () => {
  test('is the filter of largest cosine in each, the most similar run first', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const own = await runWith(library, datasetId, [left, up])
    const near = await runWith(library, datasetId, [right, [1, 0.9, 0, 0]], 'near')
    const same = await runWith(library, datasetId, [dead, down, [2, 2, 0, 0]], 'same')
    const matches = unitMatches(library, own, 1, 99, 'whitened')
    expect(matches.map(({ runId, name, unit, iteration }) => ({ runId, name, unit, iteration }))).toEqual([
      { runId: same, name: 'same', unit: 2, iteration: 3 },
      { runId: near, name: 'near', unit: 1, iteration: 3 },
    ])
    expect(matches[0].cosine).toBeCloseTo(1, 6)
    expect([...matches[0].filter]).toEqual([2, 2, 0, 0])
    expect(matches[1].cosine).toBeCloseTo(cosineSimilarity(up, [1, 0.9, 0, 0]), 6)
  })

  test('is sought among the newest 50 runs of the same patch size that have weights', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const large = await makeDataset(library, { patches: new Float32Array(18), m: 2, n: 9, patchSize: 3 })
    // As many values, but not the same pixels.
    const rows = await makeDataset(library, { patchSize: null })
    const own = await runWith(library, datasetId, [up])
    const others: number[] = []
    for (let k = 0; k < 53; k++) others.push(await runWith(library, datasetId, [up]))
    await makeRun(library, { datasetId: large, snapshots: [0] })
    await makeRun(library, { datasetId: rows, snapshots: [0] })
    await makeRun(library, { datasetId })
    const found = unitMatches(library, own, 0, 99, 'whitened').map(({ runId }) => runId)
    expect(found.toSorted((a, b) => a - b)).toEqual(others.slice(-50))
  })

  test('leaves out a run whose weights are lost, and shows the others', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const own = await runWith(library, datasetId, [up])
    const lost = await runWith(library, datasetId, [left])
    const there = await runWith(library, datasetId, [right])
    const hash = library.db
      .prepare<[number], string>('SELECT blob_hash FROM snapshots WHERE run_id = ?')
      .pluck()
      .get(lost)
    rmSync(library.blobs.path(hash ?? ''))
    expect(unitMatches(library, own, 0, 99, 'whitened').map(({ runId }) => runId)).toEqual([there])
  })
})

describe('runs', () => {
  test('are matched two by two, by their newest weights', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const a = await runWith(library, datasetId, [up, left, dead])
    const b = await runWith(library, datasetId, [left, up])
    const c = await runWith(library, datasetId, [down, left, up, right])
    const { runs, pairs } = matchRuns(library, [a, b, c])
    expect(runs).toEqual([
      { runId: a, iteration: 3, units: 3 },
      { runId: b, iteration: 3, units: 2 },
      { runId: c, iteration: 3, units: 4 },
    ])
    expect(pairs.map(({ first, second, partner }) => [first, second, [...partner]])).toEqual([
      [0, 1, [1, 0, -1]],
      [0, 2, [2, 1, -1]],
      [1, 2, [1, 2]],
    ])
    expect(pairs[0].similarity).toBeCloseTo(1, 6)
    expect(pairs[0].matchedShare).toBe(1)
    // The dead unit is one that run c, which has more, did not match.
    expect(pairs[1].matchedShare).toBeCloseTo(2 / 3, 9)
  })

  test('of different patch size are no pair, and do not keep the others from being one', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const a = await runWith(library, datasetId, [up])
    const large = await makeDataset(library, { patches: new Float32Array(18), m: 2, n: 9, patchSize: 3 })
    const other = await makeRun(library, { datasetId: large, snapshots: [0] })
    const b = await runWith(library, datasetId, [up])
    expect(matchRuns(library, [a, other, b]).pairs.map(({ first, second }) => [first, second])).toEqual([
      [0, 2],
    ])
  })

  test('without weights, or with more units than can be matched, are no pair with any', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library)
    const a = await runWith(library, datasetId, [up])
    const queued = await makeRun(library, { datasetId })
    const huge = await makeRun(library, { datasetId, config: { hidden: 2_001 }, snapshots: [0] })
    const { runs, pairs } = matchRuns(library, [a, queued, huge])
    expect(runs).toEqual([
      { runId: a, iteration: 3, units: 1 },
      { runId: queued, iteration: null, units: 3 },
      { runId: huge, iteration: 0, units: 2_001 },
    ])
    expect(pairs).toEqual([])
  })
})

test('a question reaches its own answer', async () => {
  const library = makeLibrary()
  const id = await makeRun(library, { snapshots: [0] })
  expect(await answer(library, 'activations', [id, 0, 0])).toMatchObject({ iteration: 0, patches: 6 })
  expect((await answer(library, 'history', [id, 0])).snapshots).toEqual([0])
  expect(await answer(library, 'matches', [id, 0, 0, 'whitened'])).toEqual([])
  // 2 × 2 pixels are too few for a Gabor function.
  expect(await answer(library, 'gabor', [id, 0, 0, 'whitened'])).toBeNull()
  expect((await answer(library, 'matchRuns', [[id, id]])).pairs[0].matchedShare).toBe(1)
  expect(readSnapshot(library, id, 0)?.weights.hidden).toBe(3)
})
