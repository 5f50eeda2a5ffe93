// Made once: an axis asks for its labels whenever anything in its chart changes.
const grouped = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })

/**
 * A number as an axis shows it: 0.0001, 100, 10,000; from a million and below 0.0001 as 1e6, 1e−5.
 * @returns with a true minus sign
 */
export function axisLabel(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) {
    return value.toExponential().replace('e+', 'e').replaceAll('-', '−')
  }
  return grouped.format(value).replace('-', '−')
}

/** Training time on an axis: 500 ms, 20 s, 5 min, 2 h. */
export function timeLabel(elapsedMs: number): string {
  if (elapsedMs === 0) return '0'
  if (elapsedMs < 1_000) return `${axisLabel(elapsedMs)} ms`
  if (elapsedMs < 120_000) return `${axisLabel(elapsedMs / 1_000)} s`
  if (elapsedMs < 7_200_000) return `${axisLabel(elapsedMs / 60_000)} min`
  return `${axisLabel(elapsedMs / 3_600_000)} h`
}
