import { expect, test } from 'vitest'
import { mergeRuns } from '../../../renderer/stores/mergeRuns.ts'
import { makeRun } from '../makeRun.ts'

const list = [3, 2, 1].map((id) => makeRun({ id }))

test('no change leaves the very list, so that nothing is worked out anew', () => {
  expect(mergeRuns(list, [], [])).toBe(list)
})

test('what did not change stays the same object', () => {
  const changed = makeRun({ id: 2, cost: 0.1 })
  const merged = mergeRuns(list, [changed], [])
  expect(merged.map((run) => run.id)).toEqual([3, 2, 1])
  expect(merged[1]).toBe(changed)
  expect(merged[0]).toBe(list[0])
})

test('new runs and runs that come back take their place, removed ones leave', () => {
  const merged = mergeRuns(list, [makeRun({ id: 9 }), makeRun({ id: 0 })], [2, 77])
  expect(merged.map((run) => run.id)).toEqual([9, 3, 1, 0])
})
