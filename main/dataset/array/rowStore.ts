import { createStream } from '#shared/random/stream.ts'
import { maximumValues } from '../draftDataset.ts'
import { drawRows, rowsToTake, type RowSampling } from './chooseRows.ts'

const blockValues = 2 ** 20

/** Rows of which nobody knows how many will come: all of them, or a random sample of so many. */
export interface RowStore {
  /** @param row copied; label kept with it */
  add(row: Float32Array, label: string | null): void
  /** What was kept, in the order in which it came. The store is empty afterwards. */
  finish(): { m: number; values: Float32Array; labels: string[] }
}

/**
 * Keeps rows of n values. Where more come than are wanted, or than can be held, each has the same chance to stay
 * (reservoir sampling, from the seed).
 * @throws LabError badInput where more rows are wanted than can be held
 */
export function createRowStore(n: number, { rows, seed }: RowSampling): RowStore {
  const most = Math.floor(maximumValues / n)
  const random = createStream(seed, 'sampling')
  const rowsPerBlock = Math.max(1, Math.floor(blockValues / n))
  let blocks: Float32Array[] = []
  let labels: string[] = []
  /** Of each kept row, which one it was. */
  let places: number[] = []
  let limit = Math.min(rows ?? most, most)
  let seen = 0

  const rowAt = (at: number) => {
    const start = (at % rowsPerBlock) * n
    return blocks[Math.floor(at / rowsPerBlock)].subarray(start, start + n)
  }

  function put(at: number, row: Float32Array, label: string | null): void {
    if (at === blocks.length * rowsPerBlock) blocks.push(new Float32Array(rowsPerBlock * n))
    rowAt(at).set(row)
    places[at] = seen
    if (label !== null) labels[at] = label
  }

  /** All that can be held are there, and more come: as many go on as are taken of such a table. */
  function thinOut(): void {
    const count = rowsToTake(Infinity, n, { rows: undefined })!
    for (const [to, from] of drawRows(seen, count, seed).entries()) {
      rowAt(to).set(rowAt(from))
      places[to] = places[from]
      labels[to] = labels[from]
    }
    limit = count
    places.length = count
    labels.length = Math.min(labels.length, count)
    blocks.length = Math.ceil(count / rowsPerBlock)
  }

  return {
    add(row, label) {
      if (places.length === limit) {
        if (rows !== undefined && rows > most) rowsToTake(rows, n, { rows })
        if (rows === undefined && seen === limit) thinOut()
        const at = random.integer(seen + 1)
        if (at < limit) put(at, row, label)
      } else put(places.length, row, label)
      seen += 1
    },
    finish() {
      const m = places.length
      const order = Uint32Array.from(places.keys()).toSorted((a, b) => places[a] - places[b])
      const values = new Float32Array(m * n)
      const isInOrder = order.every((from, to) => from === to)
      const ordered = labels.length === 0 ? [] : Array.from(order, (at) => labels[at])
      if (isInOrder) {
        // From the last, each let go at once: all of them twice would be twice the memory.
        for (let last = blocks.pop(); last !== undefined; last = blocks.pop()) {
          const start = blocks.length * rowsPerBlock * n
          values.set(last.subarray(0, m * n - start), start)
        }
      } else for (const [to, from] of order.entries()) values.set(rowAt(from), to * n)
      blocks = []
      places = []
      labels = []
      return { m, values, labels: ordered }
    },
  }
}
