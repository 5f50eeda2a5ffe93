import type { PixelOrder } from '#shared/domain/datasetSource.ts'

// A row of pixels lies `interleaved` (row by row, the channels of a pixel together), in `planes` (all red, all green, all
// blue, each row by row: CIFAR, PyTorch) or in `columns` (planes too, each column by column: MATLAB, the UFLDL course).

/** Rows that are looked at. */
const lookedAt = 200
/** Planes must be so much smoother to be taken for it: noise is as rough in every order. */
const clearly = 0.8
/** From the end of a line of pixels to the start of the next a picture jumps; a curve does not. */
const jumps = 1.3

/** Mean absolute difference between pixels beside and above each other, of a row understood in an order. */
function roughness(row: Float32Array, side: number, order: 'interleaved' | 'planes'): number {
  const [x, y, plane] = order === 'planes' ? [1, side, side * side] : [3, 3 * side, 1]
  let sum = 0
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < side; i++) {
      for (let j = 1; j < side; j++) {
        const start = channel * plane
        sum += Math.abs(row[start + i * y + j * x] - row[start + i * y + (j - 1) * x])
        sum += Math.abs(row[start + j * y + i * x] - row[start + (j - 1) * y + i * x])
      }
    }
  }
  return sum
}

/** Mean absolute difference between neighbours inside of lines of so many values, and from a line to the next. */
function steps(row: Float32Array, side: number): { within: number; between: number } {
  let within = 0
  let between = 0
  for (let i = 1; i < row.length; i++) {
    const step = Math.abs(row[i] - row[i - 1])
    if (i % side === 0) between += step
    else within += step
  }
  const lines = row.length / side
  return { within: within / (row.length - lines), between: between / (lines - 1) }
}

/**
 * Whether rows in colours are smoother as planes than as interleaved pixels: pictures are smooth, and in the wrong order
 * they are not. Planes that lie column by column are as smooth as those that lie row by row.
 * @param values m × n row-major, n = 3·side²
 */
export function looksPlanar(values: Float32Array, m: number, side: number): boolean {
  if (side < 2) return false
  const n = 3 * side * side
  const step = Math.max(1, Math.floor(m / lookedAt))
  let [interleaved, planes, within, between] = [0, 0, 0, 0]
  for (let row = 0; row < m; row += step) {
    const pixels = values.subarray(row * n, (row + 1) * n)
    interleaved += roughness(pixels, side, 'interleaved')
    planes += roughness(pixels, side, 'planes')
    const found = steps(pixels, side)
    within += found.within
    between += found.between
  }
  return planes < clearly * interleaved && between > jumps * within
}

/** Puts the pixels of each row into the order that everything here has: interleaved, row by row. */
export function interleave(
  values: Float32Array,
  m: number,
  side: number,
  channels: 1 | 3,
  order: PixelOrder,
): void {
  const isTurned = order === 'columns'
  if (order === 'interleaved' || (channels === 1 && !isTurned)) return
  const area = side * side
  const n = area * channels
  // Where each pixel of a row comes from.
  const from = new Uint32Array(n)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let channel = 0; channel < channels; channel++) {
        from[(y * side + x) * channels + channel] = channel * area + (isTurned ? x * side + y : y * side + x)
      }
    }
  }
  const before = new Float32Array(n)
  for (let row = 0; row < m; row++) {
    before.set(values.subarray(row * n, (row + 1) * n))
    for (let i = 0; i < n; i++) values[row * n + i] = before[from[i]]
  }
}
