/**
 * The weighted sums of one layer for one patch: output = W·input + b.
 * @param W       units × inputs, row-major
 * @param input   holds the inputs from `inputAt` on
 * @param output  receives one value a unit from `outputAt` on
 */
export function weightedSums(
  W: ArrayLike<number>,
  b: ArrayLike<number>,
  input: ArrayLike<number>,
  inputAt: number,
  output: Float64Array,
  outputAt: number,
): void {
  const inputs = W.length / b.length
  for (let unit = 0; unit < b.length; unit++) {
    let z = b[unit]
    for (let i = 0; i < inputs; i++) z += W[unit * inputs + i] * input[inputAt + i]
    output[outputAt + unit] = z
  }
}
