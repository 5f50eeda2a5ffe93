import type { Random } from '#shared/random/random.ts'

/**
 * Shares out `patches` in proportion to weights by the largest remainder: the counts add up exactly. Equal
 * remainders are served in random order, so that no folder is preferred when there are more images than patches.
 * @param weights whole numbers, e.g. positions that a patch can take in each image; at least one above 0
 */
export function allotPatches(weights: readonly number[], patches: number, random: Random): Uint32Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const counts = new Uint32Array(weights.length)
  const remainders = new Float64Array(weights.length)
  const lots = weights.map(() => random.uniform())
  let left = patches
  for (let i = 0; i < weights.length; i++) {
    const share = weights[i] * patches
    counts[i] = Math.floor(share / total)
    remainders[i] = share % total
    left -= counts[i]
  }
  const byRemainder = Uint32Array.from(weights.keys()).toSorted(
    (a, b) => remainders[b] - remainders[a] || lots[a] - lots[b],
  )
  for (let k = 0; k < left; k++) counts[byRemainder[k]] += 1
  return counts
}
