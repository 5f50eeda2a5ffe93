import { createStream, type Seed } from '../random/stream.ts'

/** A dataset's patches, some of them held out. */
export interface Split {
  m: number
  /** Patches held out. */
  count: number
  seed: Seed
}

/** Which rows change places, one pair after the other: then the last `count` are the ones held out. */
function* exchanges({ m, count, seed }: Split): Generator<readonly [drawn: number, last: number]> {
  const random = createStream(seed, 'holdOut')
  for (let last = m - 1; last >= m - count; last--) yield [random.integer(last + 1), last]
}

/**
 * Moves a random choice of patches to the end, in place: what is in front is trained on, the rest is held out. The
 * same seed chooses the same ones.
 * @param patches  m × n; rows change places
 */
export function holdOut(
  patches: Float32Array,
  n: number,
  split: Split,
): { training: Float32Array; heldOut: Float32Array } {
  const row = (i: number) => patches.subarray(i * n, (i + 1) * n)
  for (const [drawn, last] of exchanges(split)) {
    const moved = row(drawn).slice()
    row(drawn).set(row(last))
    row(last).set(moved)
  }
  const trained = (split.m - split.count) * n
  return { training: patches.subarray(0, trained), heldOut: patches.subarray(trained) }
}

/** Of each patch, in the order of the dataset, whether it is held out (1) or trained on (0). */
export function heldOutRows(split: Split): Uint8Array {
  const { m, count } = split
  const order = Int32Array.from({ length: m }, (_, i) => i)
  for (const [drawn, last] of exchanges(split)) {
    const moved = order[drawn]
    order[drawn] = order[last]
    order[last] = moved
  }
  const isHeldOut = new Uint8Array(m)
  for (const row of order.subarray(m - count)) isHeldOut[row] = 1
  return isHeldOut
}
