import type { GraphBuilder, Tensor } from './graphBuilder.ts'

/** Below this, one sum over all rows is accurate enough in float32. */
const fewRows = 512

/**
 * Sums over rows are products with ones: ONNX Runtime's ReduceSum is slower and loses digits. A long sum is taken in
 * two stages to stay accurate: a rows × columns matrix is read as (rows/parts) × (parts·columns), which copies nothing.
 */
export function partialColumnSums(
  graph: GraphBuilder,
  matrix: Tensor,
  rows: number,
  columns: number,
): Tensor {
  const parts = partsOf(rows)
  const wide = parts === 1 ? matrix : graph.reshape(matrix, [rows / parts, parts * columns])
  return graph.product(graph.filled(1, [1, rows / parts]), wide)
}

/** Parts that a sum over so many rows is taken in. */
export const partsOf = (rows: number): number => (rows < fewRows ? 1 : largestDivisorToRoot(rows))

/** Column sums, 1 × columns, added to `plus`. */
export function columnSums(
  graph: GraphBuilder,
  matrix: Tensor,
  rows: number,
  columns: number,
  plus?: Tensor,
): Tensor {
  const sums = partialColumnSums(graph, matrix, rows, columns)
  const parts = partsOf(rows)
  if (parts === 1) return plus === undefined ? sums : graph.node('Add', [sums, plus])
  const ones = graph.filled(1, [1, parts])
  return graph.product(ones, graph.reshape(sums, [parts, columns]), { plus })
}

/** The largest divisor of a whole number that is not above its square root. */
export function largestDivisorToRoot(value: number): number {
  let largest = 1
  for (let divisor = 2; divisor * divisor <= value; divisor++) if (value % divisor === 0) largest = divisor
  return largest
}
