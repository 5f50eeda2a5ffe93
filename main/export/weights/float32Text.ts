/**
 * The shortest decimal that reads back as the same float32, at most 9 digits; NaN and ±Infinity by their names.
 * Read as float64 it differs from the float32 by less than one part in 10⁷.
 */
export function float32Text(value: number): string {
  if ((Number.isInteger(value) && Math.abs(value) < 1e9) || !Number.isFinite(value)) return String(value)
  // Fewer than 7 digits come out of 7 as zeros at the end, which a number does not keep.
  for (let digits = 7; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits))
    if (Math.fround(decimal) === value) return String(decimal)
  }
  return String(Number(value.toPrecision(9)))
}
