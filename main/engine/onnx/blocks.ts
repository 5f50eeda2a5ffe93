import { thetaLayout } from '#shared/model/theta.ts'

/** Size of a block's activations and outputs together: about what two cores' own caches hold. */
const cachedBytes = 1.8 * 2 ** 20

/** Long blocks have a multiple of so many rows, which can be added up in parts. */
export const rowUnit = 16

/**
 * Splits the patches into blocks of rows, so that each pass over a block finds it still in cache. Few and large
 * where the network is small, since every operator call costs a few microseconds; and never smaller than the gradient
 * and its sum, which every block adds to.
 * @returns rows of each block, which add up to m: the same for all, but for fewer in the last
 */
export function rowBlocks(m: number, n: number, h: number, bytesPerValue: number): number[] {
  const blockBytes = Math.max(cachedBytes, 2 * thetaLayout({ n, h }).length * bytesPerValue)
  const count = Math.max(1, Math.floor((m * (n + h) * bytesPerValue) / blockBytes))
  const rows = count === 1 ? m : Math.ceil(m / count / rowUnit) * rowUnit
  return Array.from({ length: Math.ceil(m / rows) }, (_, k) => Math.min(rows, m - k * rows))
}
