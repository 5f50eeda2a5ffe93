import { linearSumAssignment } from 'linear-sum-assignment'
import { Matrix } from 'ml-matrix'
import { LabError } from '../domain/labError.ts'
import { matchedAbove, mostMatchedUnits } from './partners.ts'
import { similarityMatrix } from './similarity.ts'

/** Which filter of one run is which of another's. */
export interface FilterMatch {
  /** Of each filter of the first run, its partner in the second; −1 for none. */
  partner: Int32Array
  /** Cosine of each filter of the first run with its partner; NaN for none. */
  cosine: Float32Array
  /** Mean cosine of the pairs; null where there is no pair. */
  similarity: number | null
  /** Pairs above 0.7, as a share of the filters of the run that has fewer. */
  matchedShare: number
}

/**
 * Pairs the filters of two runs one to one so that the sum of their cosines is largest: a Hungarian assignment, by
 * Jonker and Volgenant's algorithm. The sign counts: a filter and its negative are different features, and are not a
 * pair if there is anything better. Filters beyond the other run's number have no partner; dead (all-zero) ones never
 * have, nor have those that are not finite.
 * @param a countA × size, row-major; @param b countB × size
 * @throws LabError badInput above 2,000 filters
 */
export function matchFilters(a: Float32Array, b: Float32Array, size: number): FilterMatch {
  const countA = a.length / size
  const countB = b.length / size
  if (Math.max(countA, countB) > mostMatchedUnits) {
    throw new LabError(
      'badInput',
      `Filters are matched between runs of at most ${mostMatchedUnits} hidden units. Choose smaller runs.`,
    )
  }
  const liveA = liveRows(a, size)
  const liveB = liveRows(b, size)
  const match: FilterMatch = {
    partner: new Int32Array(countA).fill(-1),
    cosine: new Float32Array(countA).fill(NaN),
    similarity: null,
    matchedShare: 0,
  }
  if (liveA.length === 0 || liveB.length === 0) return match
  const cosines = similarityMatrix(pick(a, size, liveA), pick(b, size, liveB), size)
  const at = (i: number, k: number) => cosines[i * liveB.length + k]
  const gains = new Matrix(liveA.length, liveB.length)
  for (let i = 0; i < liveA.length; i++) for (let k = 0; k < liveB.length; k++) gains.set(i, k, at(i, k))

  const { rowAssignments } = linearSumAssignment(gains, { maximaze: true })
  let sum = 0
  let pairs = 0
  let matched = 0
  liveA.forEach((row, i) => {
    const k = rowAssignments[i]
    if (k === undefined || k < 0) return
    match.partner[row] = liveB[k]
    match.cosine[row] = at(i, k)
    sum += at(i, k)
    pairs++
    if (at(i, k) > matchedAbove) matched++
  })
  match.similarity = sum / pairs
  match.matchedShare = matched / Math.min(countA, countB)
  return match
}

/** Filters that point anywhere: not all zero, every value finite. */
function liveRows(filters: Float32Array, size: number): number[] {
  const live: number[] = []
  for (let j = 0; j < filters.length / size; j++) {
    const row = filters.subarray(j * size, (j + 1) * size)
    if (row.every(Number.isFinite) && row.some((value) => value !== 0)) live.push(j)
  }
  return live
}

function pick(filters: Float32Array, size: number, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * size)
  rows.forEach((row, i) => picked.set(filters.subarray(row * size, (row + 1) * size), i * size))
  return picked
}
