/**
 * Iterations at which the weights are kept: 0, then at growing intervals (geometric), and the last.
 * @param iterations planned iterations, at least 1
 * @returns ascending, about `count` of them
 */
export function snapshotSchedule(iterations: number, count = 40): number[] {
  const kept = new Set([0, iterations])
  for (let k = 0; k < count; k++) kept.add(Math.round(iterations ** (k / (count - 1))))
  return [...kept].sort((a, b) => a - b)
}
