import type { VectorSpace } from './vectorSpace.ts'

/** The last pairs s_k = θ_{k+1} − θ_k (`steps`) and y_k = ∇J_{k+1} − ∇J_k (`gradientChanges`), in a ring. */
export interface History {
  readonly capacity: number
  /** Where the pairs are, and the points they are taken from. */
  readonly space: VectorSpace
  /** Pairs held. */
  count: number
  /** Slot that the next pair is written to. */
  next: number
  readonly steps: readonly Float32Array[]
  readonly gradientChanges: readonly Float32Array[]
  /** s_k·y_k of each slot. */
  readonly curvatures: Float64Array
  /** γ = s·y / y·y of the newest pair: the scale of the initial inverse Hessian. */
  scale: number
}

/** A history's pairs, oldest first, in arrays that can be written to disk. */
export interface HistoryState {
  /** pairs × parameters; float64 in checkpoints of before, though the pairs never were */
  steps: Float32Array | Float64Array
  /** pairs × parameters; as `steps` */
  gradientChanges: Float32Array | Float64Array
  curvatures: Float64Array
  scale: number
}

/** Smallest cosine between s and y that still tells of positive curvature and not of rounding. */
const smallestCosine = 1e-10

/** Vectors of pairs that a history takes of its space. */
export const historyVectors = (capacity: number): number => 2 * capacity

export function createHistory(capacity: number, space: VectorSpace): History {
  const ring = () => Array.from({ length: capacity }, () => space.ofPair())
  return {
    capacity,
    space,
    count: 0,
    next: 0,
    steps: ring(),
    gradientChanges: ring(),
    curvatures: new Float64Array(capacity),
    scale: 1,
  }
}

/** Slot of the pair `age` steps back; 0 is the newest. */
export const slotOf = ({ capacity, next }: History, age: number): number =>
  (next - 1 - age + 2 * capacity) % capacity

export function clearHistory(history: History): void {
  history.count = 0
  history.next = 0
  history.scale = 1
}

interface Point {
  readonly theta: Float64Array
  readonly gradient: Float64Array
}

/** Takes the pair between two points, unless s·y is not clearly positive: then the history stays as it is. */
export function addPair(history: History, from: Point, to: Point): void {
  const { next, capacity } = history
  const { dot, subtract } = history.space
  const s = history.steps[next]
  const y = history.gradientChanges[next]
  // The slot to be written may hold the oldest pair still in use; give that up first.
  if (history.count === capacity) history.count--
  subtract(s, to.theta, from.theta)
  subtract(y, to.gradient, from.gradient)
  const curvature = dot(s, y)
  const squaredChange = dot(y, y)
  if (!(curvature > smallestCosine * Math.sqrt(dot(s, s) * squaredChange))) return
  history.curvatures[next] = curvature
  history.scale = curvature / squaredChange
  history.count++
  history.next = (next + 1) % capacity
}

export function historyState(history: History): HistoryState {
  const { count, scale } = history
  const length = history.steps[0].length
  const state = {
    steps: new Float32Array(count * length),
    gradientChanges: new Float32Array(count * length),
    curvatures: new Float64Array(count),
    scale,
  }
  for (let k = 0; k < count; k++) {
    const slot = slotOf(history, count - 1 - k)
    state.steps.set(history.steps[slot], k * length)
    state.gradientChanges.set(history.gradientChanges[slot], k * length)
    state.curvatures[k] = history.curvatures[slot]
  }
  return state
}

/** Puts back what `historyState` took; the newest pairs where the capacity has become smaller. */
export function restoreHistory(history: History, state: HistoryState): void {
  const length = history.steps[0].length
  const held = state.curvatures.length
  const count = Math.min(held, history.capacity)
  for (let k = 0; k < count; k++) {
    const from = held - count + k
    history.steps[k].set(state.steps.subarray(from * length, (from + 1) * length))
    history.gradientChanges[k].set(state.gradientChanges.subarray(from * length, (from + 1) * length))
    history.curvatures[k] = state.curvatures[from]
  }
  history.count = count
  history.next = count % history.capacity
  history.scale = state.scale
}
