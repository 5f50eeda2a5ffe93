/** Size of a block's activations and outputs together: what a core's cache holds beside the weights. */
const blockBytes = 3 * 2 ** 20

/**
 * Splits the patches into blocks of rows, so that each pass over a block finds it still in cache. Few and large
 * where the network is small, since every operator call costs a few microseconds.
 * @returns rows of each block; they differ by one at most and add up to m
 */
export function rowBlocks(m: number, n: number, h: number, bytesPerValue: number): number[] {
  const count = Math.min(m, Math.max(1, Math.round((m * (n + h) * bytesPerValue) / blockBytes)))
  return Array.from(
    { length: count },
    (_, k) => Math.floor(((k + 1) * m) / count) - Math.floor((k * m) / count),
  )
}
