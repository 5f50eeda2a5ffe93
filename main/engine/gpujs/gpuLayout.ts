import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'

/**
 * How parameters lie on the device: the rows of [W1 | b1], then those of [W2 | b2], each row padded to whole threads.
 * So a layer is one product with a row of ones, and a gradient is one product that yields weights and biases together.
 * What stands in the padding is computed along and never read.
 */
export interface GpuLayout {
  n: number
  h: number
  /** Columns that a thread of a product computes. */
  perThread: 1 | 4
  /** Length of a row of [W1 | b1], of which n + 1 are used; there are h of them. */
  stride1: number
  /** Length of a row of [W2 | b2], of which h + 1 are used; there are n of them. */
  stride2: number
  /** Where [W2 | b2] begins. */
  second: number
  length: number
}

/** Rounded up to what whole threads compute. */
export const padded = (columns: number, perThread: number): number =>
  Math.ceil(columns / perThread) * perThread

export function gpuLayout({ n, h }: NetworkSize, perThread: 1 | 4): GpuLayout {
  const stride1 = padded(n + 1, perThread)
  const stride2 = padded(h + 1, perThread)
  const second = h * stride1
  return { n, h, perThread, stride1, stride2, second, length: second + n * stride2 }
}

/** Calls with each row that is contiguous both in theta and on the device; the biases are rows of one. */
export function forEachRow(
  { n, h, stride1, stride2, second }: GpuLayout,
  visit: (theta: number, device: number, length: number, isBias: boolean) => void,
): void {
  const at = thetaLayout({ n, h })
  for (let j = 0; j < h; j++) {
    visit(at.W1 + j * n, j * stride1, n, false)
    visit(at.b1 + j, j * stride1 + n, 1, true)
  }
  for (let k = 0; k < n; k++) {
    visit(at.W2 + k * h, second + k * stride2, h, false)
    visit(at.b2 + k, second + k * stride2 + h, 1, true)
  }
}

/** Parameters, or moments, as the device takes them: float32, zeros in the padding. */
export function pack(layout: GpuLayout, theta: Float64Array, to: Float32Array): Float32Array {
  forEachRow(layout, (from, device, length) => to.set(theta.subarray(from, from + length), device))
  return to
}

export function unpack(layout: GpuLayout, values: Float32Array): Float64Array {
  const theta = new Float64Array(thetaLayout(layout).length)
  forEachRow(layout, (to, device, length) => theta.set(values.subarray(device, device + length), to))
  return theta
}
