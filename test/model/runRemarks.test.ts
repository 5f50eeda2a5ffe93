import { expect, test } from 'vitest'
import { runRemarks } from '#shared/domain/runRemarks.ts'
import { makeRun } from '../renderer/makeRun.ts'

const all = { trained: 0.9, heldOut: null }
const ended = { status: 'finished', outcome: 'maxIterations', iterations: 400, deadUnits: 0 } as const

test('a run that ended well has nothing said of it', () => {
  expect(runRemarks(makeRun(ended), all)).toEqual([])
})

test('a collapsed run, one that the line search ended and dead units are said', () => {
  const said = (run: object, trained = 0.9) =>
    runRemarks(makeRun({ ...ended, ...run }), { trained, heldOut: null }).join(' ')
  expect(said({}, 0.0004)).toMatch(/has collapsed: it explains 0\.0 % of the variance of its patches/)
  expect(said({}, -0.3)).toMatch(/has collapsed/)
  expect(said({ outcome: 'lineSearchFailed', iterations: 12 })).toMatch(
    /line search ended it at iteration 12/,
  )
  expect(said({ deadUnits: 3 })).toMatch(/^3 units are dead, of 25/)
  expect(said({ deadUnits: 1 })).toMatch(/^1 unit is dead/)
  // One that was stopped on its way has not collapsed; one under way is not judged.
  expect(said({ status: 'stopped' }, 0)).toBe('')
  expect(said({ status: 'running', deadUnits: 3 }, 0)).toBe('')
})
