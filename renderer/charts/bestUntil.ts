/** The smallest of the values up to each. */
export const bestUntil = (values: Float64Array): Float64Array => {
  let best = Infinity
  return values.map((value) => (best = Math.min(best, value)))
}
