/** Where a value lies between the ends of an axis, 0 to 1, and the values that are written beside it. */
export interface Axis {
  share(value: number): number
  ticks: { value: number; text: string }[]
}

/** Values that differ as much as this are drawn by their logarithm … */
const logarithmicFrom = 20
/** … but not further down than this: what lies below is drawn at the foot. */
const mostDecades = 5
const wantedTicks = 5

/** An axis for values of which the large and the small ones matter: logarithmic where they are positive and differ widely. */
export function valueAxis(values: Iterable<number>): Axis {
  const [min, max] = extent(values)
  return min > 0 && max / min > logarithmicFrom ? logarithmic(min, max) : linear(...spread(min, max))
}

/** An axis that ends where the values end, for iterations. */
export function tightAxis(values: Iterable<number>): Axis {
  const [from, to] = spread(...extent(values))
  return { share: shareBetween(from, to), ticks: ticksBetween(from, to) }
}

/** Values that differ by a smaller share of themselves, or by less than `leastRange`, are drawn as the same. */
const leastDifference = 1e-6
const leastRange = 1e-300

/** Ends that are not the same, with room between them for ticks that rounding leaves apart. */
export const spread = (min: number, max: number): [number, number] =>
  max - min > Math.max(leastDifference * Math.max(Math.abs(min), Math.abs(max)), leastRange)
    ? [min, max]
    : [min - 0.5, max + 0.5]

/** An axis between round numbers. */
export function linear(min: number, max: number): Axis {
  const step = niceStep((max - min) / wantedTicks)
  const from = Math.floor(min / step) * step
  const to = Math.ceil(max / step) * step
  return { share: shareBetween(from, to), ticks: ticksBetween(from, to) }
}

function logarithmic(min: number, max: number): Axis {
  const top = Math.ceil(Math.log10(max))
  const foot = Math.max(Math.floor(Math.log10(min)), top - mostDecades)
  const between = top - foot > 2 ? [1] : [1, 2, 5]
  const all = Array.from({ length: top - foot + 1 }, (_, k) => foot + k).flatMap((decade) =>
    between.map((factor) => factor * 10 ** decade),
  )
  const from = Math.max(all[0], ...all.filter((value) => value <= min))
  const to = Math.min(...all.filter((value) => value >= max))
  const range = Math.log(to / from)
  return {
    share: (value) => (value > from ? Math.log(value / from) / range : 0),
    ticks: all.filter((value) => value >= from && value <= to).map(tick),
  }
}

const shareBetween = (from: number, to: number) => (value: number) => (value - from) / (to - from)

function ticksBetween(from: number, to: number): Axis['ticks'] {
  const step = niceStep((to - from) / wantedTicks)
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, k) => tick((first + k) * step))
}

/** 0 and 1 where there is no finite value. */
function extent(values: Iterable<number>): [number, number] {
  let min = Infinity
  let max = -Infinity
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  return min > max ? [0, 1] : [min, max]
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
}

// Steps added up miss the round number by their rounding.
const tick = (value: number) => ({ value, text: String(Number(value.toPrecision(10))) })
