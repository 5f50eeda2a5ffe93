/** The cost along a direction: φ(t) = J(θ + t·d) and its slope φ′(t) = ∇J·d. */
export interface Sample {
  step: number
  cost: number
  slope: number
}

export interface LineSearch {
  /** Cost and slope where the search starts; the slope is negative. */
  start: { cost: number; slope: number }
  /** First step to try. */
  firstStep: number
  sample(step: number): Promise<Sample>
  /** Called when the last sampled point is the best so far: the caller keeps its parameters. */
  keep(): void
}

export interface LineSearchResult {
  /** Length of the step to the point that was kept last; 0 where none is lower than the start. */
  step: number
  /** Whether any sample was finite. */
  finite: boolean
}

/** Sufficient decrease and curvature: the strong Wolfe conditions. */
const decrease = 1e-4
const curvature = 0.9
const maxSamples = 25
/** Share of the bracket's width that a trial keeps from either end, so that the bracket always shrinks. */
const margin = 0.1
/** A bracket over which the cost can change by no more than this, relative to the cost, is not searched further. */
const negligible = 1e-12

/**
 * Looks along a descent direction for a step with the strong Wolfe conditions: first outwards until a minimum is
 * bracketed, then inwards by cubic interpolation. A sample that is not finite bounds the bracket and is bisected away.
 * Where the conditions cannot be met, the lowest point with sufficient decrease stands.
 * @see Nocedal and Wright, Numerical Optimization, algorithms 3.5 and 3.6
 */
export async function lineSearch({ start, firstStep, sample, keep }: LineSearch): Promise<LineSearchResult> {
  let low: Sample = { step: 0, ...start }
  let high: Sample | null = null
  let step = firstStep
  let finite = false

  for (let samples = 0; samples < maxSamples; samples++) {
    const trial = await sample(step)
    const before = low
    const isFinite = Number.isFinite(trial.cost) && Number.isFinite(trial.slope)
    finite ||= isFinite
    if (!isFinite || trial.cost > start.cost + decrease * step * start.slope || trial.cost >= low.cost) {
      high = trial
    } else {
      keep()
      if (Math.abs(trial.slope) <= -curvature * start.slope) return { step, finite }
      // The minimum lies between the new low point and where its slope points down to.
      if (trial.slope * ((high?.step ?? Infinity) - low.step) >= 0) high = low
      low = trial
    }
    if (high === null) {
      step = beyond(before, low)
    } else {
      if (Math.abs((high.step - low.step) * start.slope) <= negligible * Math.abs(start.cost)) break
      step = between(low, high)
    }
  }
  return { step: low.step, finite }
}

/** Next step outwards: where a cubic through both samples has its minimum, 1.01 to 10 times as far. */
function beyond(previous: Sample, last: Sample): number {
  const nearest = last.step + 0.01 * (last.step - previous.step)
  const farthest = 10 * last.step
  const minimum = cubicMinimum(previous, last)
  if (!(minimum > last.step)) return (nearest + farthest) / 2
  return Math.min(Math.max(minimum, nearest), farthest)
}

/** Next step inwards. */
function between(low: Sample, high: Sample): number {
  const width = high.step - low.step
  if (!Number.isFinite(high.cost) || !Number.isFinite(high.slope)) return low.step + width / 2
  const share = (cubicMinimum(low, high) - low.step) / width
  if (Number.isNaN(share)) return low.step + width / 2
  return low.step + width * Math.min(Math.max(share, margin), 1 - margin)
}

/** Where the cubic with these costs and slopes is lowest; NaN where it has no minimum. */
function cubicMinimum(a: Sample, b: Sample): number {
  const width = b.step - a.step
  const d1 = a.slope + b.slope - (3 * (b.cost - a.cost)) / width
  const d2 = Math.sign(width) * Math.sqrt(d1 * d1 - a.slope * b.slope)
  return b.step - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2)
}
