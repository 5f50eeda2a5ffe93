/** Index of the ascending value nearest to `x`; −1 where there is none. */
export function nearestIndex(ascending: ArrayLike<number>, x: number): number {
  const after = firstIndexFrom(ascending, x)
  if (after === 0) return ascending.length === 0 ? -1 : 0
  if (after === ascending.length) return after - 1
  return x - ascending[after - 1] <= ascending[after] - x ? after - 1 : after
}

/** Index of the last ascending value that is not above `x`; −1 where all are. */
export function lastIndexUpTo(ascending: ArrayLike<number>, x: number): number {
  const index = firstIndexFrom(ascending, x)
  return index < ascending.length && ascending[index] === x ? index : index - 1
}

/** Index of the first ascending value ≥ `x`; the length where all are below. @param from  those before it are below */
export function firstIndexFrom(ascending: ArrayLike<number>, x: number, from = 0): number {
  let low = from
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}
