/**
 * A patch moved so that the middle of its range is drawn as zero is: then its ends are black and white.
 * @param patch length n
 */
export function centrePatch(patch: Float32Array): Float32Array {
  let [least, largest] = [Infinity, -Infinity]
  for (const value of patch) {
    least = Math.min(least, value)
    largest = Math.max(largest, value)
  }
  const middle = (least + largest) / 2
  return patch.map((value) => value - middle)
}
