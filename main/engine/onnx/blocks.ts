import { thetaLayout } from '#shared/model/theta.ts'

/** Size of a block's activations and outputs together: about what a core's own cache holds. */
const cachedBytes = 2 ** 20

/** Shares, and long blocks, have a multiple of so many rows, which can be added up in parts. */
export const rowUnit = 16

/**
 * Splits the patches into shares, each computed by one thread; never into one, so that sums are the same to the bit on
 * machines of one core and of two.
 * @returns rows of each share, which add up to m; fewer shares where there are few rows
 */
export const rowShares = (m: number, count: number): number[] => equalParts(m, Math.max(2, count))

/**
 * Splits a share into blocks of rows, so that each pass over a block finds it still in cache. Few and large where the
 * network is small, since every operator call costs a few microseconds; and never smaller than the gradient, which
 * every block adds to.
 * @returns rows of each block, which add up to m: the same for all, but for fewer in the last
 */
export function rowBlocks(m: number, n: number, h: number, bytesPerValue: number): number[] {
  const blockBytes = Math.max(cachedBytes, thetaLayout({ n, h }).length * bytesPerValue)
  return equalParts(m, Math.max(1, Math.floor((m * (n + h) * bytesPerValue) / blockBytes)))
}

function equalParts(m: number, count: number): number[] {
  const rows = count === 1 ? m : Math.ceil(m / count / rowUnit) * rowUnit
  return Array.from({ length: Math.ceil(m / rows) }, (_, k) => Math.min(rows, m - k * rows))
}
