import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  comparedAt,
  comparisonNote,
  nextHalvingStep,
  proposeFirstIterations,
  type HalvingRun,
  type HalvingStep,
} from '#shared/domain/halving.ts'

const rule = { eta: 3, firstIterations: 44 }
const end = 396

interface State {
  id: number
  candidate: string
  status: HalvingRun['status']
  iterations: number
  stopAfter: number | null
  /** The lower, the better, at every iteration. */
  value: number | null
}

const asRun = ({ value, ...run }: State): HalvingRun => ({
  ...run,
  valueAt: () => value,
  hasLeftStart: () => true,
})
const queued = (id: number, value: number | null = id, candidate = `c${id}`): State => ({
  id,
  candidate,
  status: 'queued',
  iterations: 0,
  stopAfter: null,
  value,
})
const step = (states: State[], revive = false): HalvingStep =>
  nextHalvingStep(rule, end, states.map(asRun), revive)

/** As sessions would carry out what is due: each run to where it is sent. */
function carryOut(states: State[], { goOn, out }: HalvingStep): void {
  const byId = new Map(states.map((state) => [state.id, state]))
  for (const { runId } of out) byId.get(runId)!.stopAfter = null
  for (const { runId, stopAfter } of goOn) {
    const status = stopAfter === end ? 'finished' : 'stopped'
    Object.assign(byId.get(runId)!, { status, iterations: stopAfter, stopAfter })
  }
}

test('nine runs: all to the first comparison, three to the second, one to the end', () => {
  const states = Array.from({ length: 9 }, (_, k) => queued(k + 1, [5, 9, 1, 8, 2, 7, 3, 6, 4][k]))
  const first = step(states)
  expect(first.goOn).toEqual(states.map(({ id }) => ({ runId: id, stopAfter: 44 })))
  carryOut(states, first)
  const second = step(states)
  expect(second.goOn.map(({ runId }) => runId)).toEqual([3, 5, 7])
  expect(second.goOn[0].stopAfter).toBe(132)
  expect(second.out).toContainEqual({
    runId: 1,
    message: 'Stopped by the sweep after 44 iterations: rank 5 of 9, the best 3 went on.',
  })
  expect(second.out).toHaveLength(6)
  carryOut(states, second)
  const third = step(states)
  expect(third.goOn).toEqual([{ runId: 3, stopAfter: 396 }])
  carryOut(states, third)
  expect(step(states).goOn).toEqual([])
})

test('compares at equal iterations: what a run did later says nothing', () => {
  const asked: number[] = []
  const runs = [1, 2, 3].map((id) => ({
    ...asRun({ ...queued(id), status: 'stopped', iterations: id === 1 ? 44 : 60, stopAfter: 44 }),
    valueAt: (iteration: number) => (asked.push(iteration), id),
  }))
  nextHalvingStep(rule, end, runs)
  expect(new Set(asked)).toEqual(new Set([44]))
})

describe('a comparison waits for all that are still to come', () => {
  test('and those who are there are told so', () => {
    const states = [queued(1), { ...queued(2), status: 'stopped' as const, iterations: 44, stopAfter: 44 }]
    expect(step(states)).toEqual({
      goOn: [{ runId: 1, stopAfter: 44 }],
      waits: [{ runId: 2, iterations: 44 }],
      out: [],
      comparisons: [],
    })
  })

  test('but not for one that failed or was stopped by hand', () => {
    const there = { status: 'stopped', iterations: 44, stopAfter: 44 } as const
    const states: State[] = [
      { ...queued(1), status: 'failed', iterations: 3, stopAfter: 44 },
      { ...queued(2), status: 'stopped', iterations: 7, stopAfter: 44 },
      { ...queued(3), ...there },
      { ...queued(4), ...there },
    ]
    expect(step(states).goOn).toEqual([{ runId: 3, stopAfter: 396 }])
    // Unless the sweep is taken up again.
    expect(step(states, true).goOn).toEqual([{ runId: 2, stopAfter: 44 }])
  })
})

test('a run that converged before the comparison counts, and is not run again', () => {
  const there = { status: 'stopped', iterations: 44, stopAfter: 44 } as const
  const states: State[] = [
    { ...queued(1, 0.1), status: 'finished', iterations: 20, stopAfter: 44 },
    { ...queued(2, 0.2), ...there },
    { ...queued(3, 0.3), ...there },
  ]
  const { goOn, out } = step(states)
  expect(goOn).toEqual([])
  expect(out.map(({ runId }) => runId)).toEqual([2, 3])
})

test('seeds of one configuration stay together, ranked by their median', () => {
  const there = { status: 'stopped', iterations: 44, stopAfter: 44 } as const
  const states: State[] = [
    // One lucky seed does not carry the others.
    ...[0, 9, 9].map((value, k) => ({ ...queued(1 + k, value, 'lucky'), ...there })),
    ...[2, 2, 9].map((value, k) => ({ ...queued(4 + k, value, 'good'), ...there })),
    ...[5, 5, 5].map((value, k) => ({ ...queued(7 + k, value, 'fair'), ...there })),
  ]
  const { goOn, out } = step(states)
  expect(goOn.map(({ runId }) => runId)).toEqual([4, 5, 6])
  expect(out[0].message).toBe('Stopped by the sweep after 44 iterations: rank 2 of 3, only the best went on.')
})

test('whatever the values: it comes to an end, the best goes all the way, and nobody runs twice as far', () => {
  const values = fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 30 })
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 395 }),
      (values, eta, first) => {
        const states = values.map((value, k) => queued(k + 1, value))
        const sent = new Map<number, number>()
        for (let round = 0; ; round++) {
          expect(round).toBeLessThan(20)
          const next = nextHalvingStep({ eta, firstIterations: first }, end, states.map(asRun))
          if (next.goOn.length === 0) break
          for (const { runId, stopAfter } of next.goOn) {
            expect(stopAfter).toBeGreaterThan(sent.get(runId) ?? 0)
            sent.set(runId, stopAfter)
          }
          carryOut(states, next)
        }
        const best = states.toSorted((a, b) => a.value! - b.value!)[0]
        expect(best).toMatchObject({ status: 'finished', iterations: end })
        expect(states.every(({ iterations }) => iterations >= first)).toBe(true)
      },
    ),
  )
})

describe('a careful comparison', () => {
  const there = { status: 'stopped', iterations: 44, stopAfter: 44 } as const
  const compare = (values: number[], left: number) =>
    nextHalvingStep(
      { ...rule, careful: true },
      end,
      values.map((value, k) => ({
        ...asRun({ ...queued(k + 1, value), ...there }),
        hasLeftStart: () => k < left,
      })),
    )
  const wentOn = (values: number[], left: number) => compare(values, left).goOn.map(({ runId }) => runId)
  const notes = (values: number[], left: number) => compare(values, left).comparisons.map(comparisonNote)
  const plateau = [0.38521, 0.3852, 0.38521, 0.3852, 0.38519, 0.3852, 0.3852, 0.3852, 0.38519]

  test('on the plateau of the start sends all on: none is the worse for a digit in the fifth place', () => {
    expect(wentOn(plateau, 0)).toHaveLength(9)
    expect(notes(plateau, 0)).toEqual(['After 44 iterations training had not left its start: all 9 went on.'])
    // As sweeps of before still do.
    expect(step(plateau.map((value, k) => ({ ...queued(k + 1, value), ...there }))).goOn).toHaveLength(3)
  })

  test('sends all on that cannot be told apart, wherever they stand', () => {
    expect(wentOn([0.1, 0.1001, 0.1002], 3)).toEqual([1, 2, 3])
    expect(notes([0.1, 0.1001, 0.1002], 3)).toEqual([
      'After 44 iterations they could not be told apart: all 3 went on.',
    ])
    expect(wentOn([0.1, 0.1005, 0.2], 3)).toEqual([1, 2])
    expect(notes([0.1, 0.1005, 0.2], 3)).toEqual([
      'After 44 iterations the last of them could not be told apart: 2 of 3 went on.',
    ])
  })

  test('keeps one in eta where they differ, and has nothing to say', () => {
    expect(wentOn([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 2)).toEqual([1, 2])
    expect(notes([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 2)).toEqual([null])
  })
})

test('the first comparison is proposed so that about one run is trained to the end', () => {
  expect(proposeFirstIterations(3, 9, 400)).toBe(44)
  expect(comparedAt({ eta: 3, firstIterations: 44 }, 400)).toEqual([44, 132, 400])
  expect(proposeFirstIterations(2, 2, 3)).toBe(2)
})
