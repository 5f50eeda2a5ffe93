import { expect, test } from 'vitest'
import { appendIterations } from '#db/queries/iterations.ts'
import { readSnapshot } from '#db/queries/snapshots.ts'
import { chosenIterations, evenly, unitHistory } from '#main/analysis/unitHistory.ts'
import { makeLibrary, makeRecord, makeRun } from '../db/makeLibrary.ts'

test('a unit’s ρ̂ at every recorded iteration, and its filter at the snapshots', async () => {
  const library = makeLibrary()
  const id = await makeRun(library, { snapshots: [0, 2, 5] })
  const records = Array.from({ length: 7 }, (_, k) => ({
    ...makeRecord(k),
    rhoHat: Float32Array.of(k, 0.1 * k, 0.5),
  }))
  appendIterations(library, id, records)
  const { iteration, rhoHat, snapshots, filters } = unitHistory(library, id, 1)
  expect([...iteration]).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect([...rhoHat]).toEqual([...Float32Array.from([0, 1, 2, 3, 4, 5, 6], (k) => 0.1 * k)])
  expect(snapshots).toEqual([0, 2, 5])
  snapshots.forEach((at, i) => {
    const W1 = readSnapshot(library, id, at)?.weights.W1
    expect([...filters.subarray(4 * i, 4 * i + 4)]).toEqual([...(W1?.subarray(4, 8) ?? [])])
  })
})

test('of a run that has not begun is empty', async () => {
  const library = makeLibrary()
  const history = unitHistory(library, await makeRun(library), 0)
  expect([history.iteration.length, history.snapshots.length, history.filters.length]).toEqual([0, 0, 0])
})

test('of a long run has enough points for either axis, the first and the last among them', () => {
  const chosen = chosenIterations(1_000_000)
  expect(chosen.length).toBeLessThan(2_100)
  expect(chosen.slice(0, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(chosen.at(-1)).toBe(1_000_000)
  expect(Math.max(...chosen.slice(1).map((k, i) => k - chosen[i]))).toBeLessThanOrEqual(1_000)
  expect(chosenIterations(-1)).toEqual([])
  expect(chosenIterations(3)).toEqual([0, 1, 2, 3])
})

test('of many snapshots a few are taken, the first and the last among them', () => {
  const values = Array.from({ length: 40 }, (_, k) => k)
  expect(evenly(values, 4)).toEqual([0, 13, 26, 39])
  expect(evenly([1, 2], 4)).toEqual([1, 2])
})
