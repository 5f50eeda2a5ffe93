/** Where an axis is labelled, and where it only has a short mark. */
export interface Ticks {
  labelled: number[]
  minor: number[]
}

const steps = [[1, 2, 5], [1, 3], [1]] as const

/** Smallest distance of two neighbouring labels of a family, in decades. */
const spacing = [Math.log10(2), Math.log10(3), 1]

/** mantissa · 10^exponent without the rounding of a product: 3e−4, not 3.0000000000000003e−4. */
const decimal = (mantissa: number, exponent: number): number => Number(`${mantissa}e${exponent}`)

/** Values mantissa · 10^k inside [min, max], with room for rounding at both ends. */
function series(mantissas: readonly number[], min: number, max: number, every = 1): number[] {
  const values: number[] = []
  const low = min * (1 - 1e-9)
  const high = max * (1 + 1e-9)
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) {
    if (k % every !== 0) continue
    for (const mantissa of mantissas) {
      const value = decimal(mantissa, k)
      if (value >= low && value <= high) values.push(value)
    }
  }
  return values
}

/**
 * Ticks of a logarithmic axis: 1-2-5, 1-3, each decade or every few decades, as the room allows.
 * @param min,max  positive, min < max
 * @param length   of the axis in CSS pixels
 * @param room     that a label needs, in CSS pixels
 */
export function logTicks(min: number, max: number, length: number, room: number): Ticks {
  const pixelsPerDecade = length / Math.log10(max / min)
  const minor = pixelsPerDecade > 24 ? series([2, 3, 4, 5, 6, 7, 8, 9], min, max) : []
  // Whole decades are read at a glance and may stand closer.
  const family = spacing.findIndex(
    (decades) => decades * pixelsPerDecade >= (decades < 1 ? room : 0.75 * room),
  )
  if (family >= 0) return { labelled: series(steps[family], min, max), minor }
  return { labelled: series([1], min, max, Math.ceil(room / pixelsPerDecade)), minor: [] }
}

/** Ticks of a linear axis at multiples of 1, 2 or 5 · 10^k. */
export function linearTicks(min: number, max: number, length: number, room: number): Ticks {
  const step = niceStep(((max - min) * room) / length)
  const labelled: number[] = []
  const first = Math.ceil(min / step - 1e-9)
  const last = Math.floor(max / step + 1e-9)
  for (let i = first; i <= last; i++) labelled.push(Number((i * step).toPrecision(12)))
  return { labelled, minor: [] }
}

/** The smallest 1, 2 or 5 · 10^k that is not below `value`. */
export function niceStep(value: number): number {
  const exponent = Math.floor(Math.log10(value))
  for (const mantissa of [1, 2, 5]) {
    const step = decimal(mantissa, exponent)
    if (step >= value * (1 - 1e-9)) return step
  }
  return decimal(1, exponent + 1)
}

/**
 * Ticks of an axis of iterations, which always names its last one.
 * @param last  the last planned iteration
 */
export function iterationTicks(scale: 'log' | 'linear', last: number, length: number): Ticks {
  const room = 44
  if (scale === 'linear') {
    const { labelled } = linearTicks(0, last, length, room * 1.6)
    const kept = labelled.filter((value) => ((last - value) / last) * length >= room)
    return { labelled: [...kept, last], minor: [] }
  }
  const decades = Math.log10(Math.max(last, 2))
  const ticks = logTicks(
    1,
    Math.max(last, 2),
    length,
    decades < 2 ? room : Math.max(room, (length / decades) * 0.6),
  )
  const kept = ticks.labelled.filter((value) => (Math.log10(last / value) / decades) * length >= room)
  return { labelled: [...kept, last], minor: ticks.minor }
}
