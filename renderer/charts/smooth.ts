/**
 * Exponential moving average as trackers draw it: s_k = w · s_(k−1) + (1 − w) · y_k, divided by 1 − w^k, so that the
 * start is not pulled towards 0. What is not finite is passed on and does not count.
 * @param weight  w, from 0 (as it is) to below 1
 */
export function smooth(ys: Float64Array, weight: number): Float64Array {
  if (weight === 0) return ys
  const smoothed = new Float64Array(ys.length)
  let sum = 0
  let share = 1
  for (let i = 0; i < ys.length; i++) {
    if (!Number.isFinite(ys[i])) {
      smoothed[i] = ys[i]
      continue
    }
    sum = weight * sum + (1 - weight) * ys[i]
    share *= weight
    smoothed[i] = sum / (1 - share)
  }
  return smoothed
}
