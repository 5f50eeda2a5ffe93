import { groupsOf, median } from './candidates.ts'
import { isUnderWay, type RunStatus } from './run.ts'
import type { Halving } from './sweep.ts'

/** A run as successive halving sees it. */
export interface HalvingRun {
  id: number
  /** Runs that differ in their seed only are one candidate. */
  candidate: string
  status: RunStatus
  iterations: number
  /** Iterations that it was last sent to; null where it was never sent, or is out. */
  stopAfter: number | null
  /** The measure at an iteration, or at its last one where it ended before; null for none (NaN). */
  valueAt(iteration: number): number | null
  /** Whether it had left its start by then: reconstructs better than a constant patch by `leftShare`. */
  hasLeftStart(iteration: number): boolean
}

/** Below what a constant patch leaves of the squared error, so much: no plateau of the start is that low. */
export const leftShare = 0.05

/** Two values that differ by less of the better one cannot be told apart. */
export const apartShare = 0.01

/** What came of a comparison. */
export interface Comparison {
  iterations: number
  candidates: number
  /** How many went on. */
  kept: number
  /** Why more went on than one in eta; null where as many did. */
  reason: 'start' | 'tie' | null
}

export interface HalvingStep {
  /** Runs to carry out now, to so many iterations. */
  goOn: { runId: number; stopAfter: number }[]
  /** Runs that wait where they stand until the others are there too. */
  waits: { runId: number; iterations: number }[]
  /** Runs that are out for good, each with why. */
  out: { runId: number; message: string }[]
  /** Those that have been, in order. */
  comparisons: Comparison[]
}

/**
 * Iterations at which runs are compared: the first, then `eta` times as many each time; the last is the end. One shortly
 * before the end would save next to nothing and is left out.
 */
export function comparedAt({ eta, firstIterations }: Halving, iterations: number): number[] {
  const at = [firstIterations]
  for (let next = firstIterations * eta; next * Math.sqrt(eta) < iterations; next *= eta) at.push(next)
  return [...at, iterations]
}

/** So that one of about `count` candidates is trained to the end: 9 with eta 3 and 400 iterations: 44. */
export function proposeFirstIterations(eta: number, count: number, iterations: number): number {
  const comparisons = Math.max(1, Math.floor(Math.log(count) / Math.log(eta) + 1e-9))
  return Math.max(1, Math.round(iterations / eta ** comparisons))
}

/** How many of `count` candidates go on from a comparison: one in eta, and at least one. */
export const keptOf = (count: number, eta: number): number => Math.max(1, Math.floor(count / eta))

/**
 * What successive halving does next, worked out from what the runs recorded and nothing else, so that it can be
 * asked again after a restart. All candidates are trained to the first comparison; the best one in eta by the median
 * of the measure over their seeds goes on to the next; and so on to the end. A run that converged before a comparison
 * counts with its last value, a failed one is out, and one that was stopped by hand is passed over.
 * A careful comparison drops nobody while fewer candidates than would go on have left their start: on the plateau
 * there, which one gets away first is chance. And all go on that cannot be told from the last one that does.
 * @param revive  also takes up runs that were stopped or interrupted
 */
export function nextHalvingStep(
  halving: Halving,
  iterations: number,
  runs: readonly HalvingRun[],
  revive = false,
): HalvingStep {
  const step: HalvingStep = { goOn: [], waits: [], out: [], comparisons: [] }
  let alive = groupsOf(runs, ({ candidate }) => candidate)
  for (const stopAfter of comparedAt(halving, iterations)) {
    // Nobody to be compared with: on to the end.
    if (alive.length === 1 && stopAfter < iterations) continue
    const contenders = alive.flat()
    const due = contenders.filter((run) => isDue(run, stopAfter, revive))
    if (due.length > 0) {
      step.goOn = due.map(({ id }) => ({ runId: id, stopAfter }))
      step.waits = contenders
        .filter((run) => run.status === 'stopped' && run.iterations >= stopAfter)
        .map(({ id }) => ({ runId: id, iterations: stopAfter }))
      return step
    }
    if (stopAfter === iterations) return step
    const { candidates, kept, dropped, reason } = compare(alive, stopAfter, halving)
    step.out.push(...dropped)
    step.comparisons.push({
      iterations: stopAfter,
      candidates,
      kept: kept.length,
      reason,
    })
    alive = kept
  }
  return step
}

const hasReached = (run: HalvingRun, stopAfter: number) =>
  run.status === 'finished' || run.iterations >= stopAfter

function isDue(run: HalvingRun, stopAfter: number, revive: boolean): boolean {
  if (hasReached(run, stopAfter) || run.status === 'failed') return false
  if (isUnderWay(run.status) || revive) return true
  // It was stopped at the comparison before; one that was sent here already has been stopped by hand.
  return run.status === 'stopped' && run.stopAfter !== null && run.stopAfter < stopAfter
}

function compare(alive: HalvingRun[][], at: number, { eta, careful }: Halving) {
  const ranked = alive
    .map((runs) => ({ runs, value: medianAt(runs, at) }))
    .filter(({ runs }) => runs.some((run) => run.status !== 'failed' && hasReached(run, at)))
    .sort((a, b) => (a.value ?? Infinity) - (b.value ?? Infinity))
  const usual = keptOf(ranked.length, eta)
  const left = ranked.filter(({ runs }) => runs.some((run) => run.hasLeftStart(at))).length
  const last = ranked[usual - 1]?.value ?? Infinity
  const tied = ranked.filter(({ value }) => (value ?? Infinity) <= last + apartShare * Math.abs(last)).length
  const keep = !careful ? usual : left < usual ? ranked.length : Math.max(usual, tied)
  const reason = keep === usual ? null : left < usual ? ('start' as const) : ('tie' as const)
  const others = keep === 1 ? 'only the best went on' : `the best ${keep} went on`
  const dropped = ranked.slice(keep).flatMap(({ runs }, index) =>
    runs
      .filter((run) => run.status === 'stopped' && run.stopAfter !== null && hasReached(run, at))
      .map(({ id }) => ({
        runId: id,
        message: `Stopped by the sweep after ${at} iterations: rank ${keep + index + 1} of ${ranked.length}, ${others}.`,
      })),
  )
  return { candidates: ranked.length, kept: ranked.slice(0, keep).map(({ runs }) => runs), dropped, reason }
}

function medianAt(runs: readonly HalvingRun[], at: number): number | null {
  const values = runs
    .filter((run) => run.status !== 'failed' && hasReached(run, at))
    .map((run) => run.valueAt(at))
  return median(values)
}

/** A comparison at which more went on than usual, in one sentence; null for any other. */
export function comparisonNote({ iterations, candidates, kept, reason }: Comparison): string | null {
  if (reason === null) return null
  const who = kept === candidates ? `all ${candidates}` : `${kept} of ${candidates}`
  const why =
    reason === 'start'
      ? 'training had not left its start'
      : kept === candidates
        ? 'they could not be told apart'
        : 'the last of them could not be told apart'
  return `After ${iterations} iterations ${why}: ${who} went on.`
}
