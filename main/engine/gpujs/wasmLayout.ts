import { thetaViews, type NetworkSize } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'

/** Values that are computed at a time. */
const lanes = 4
/** Rows that are summed in a first stage: so many stay in cache; with fewer the sums would take more memory. */
const fewestChunkRows = 64
const mostChunkRows = 512
/** Sums of a matrix's chunks take about this many values at most. */
const sumValues = 1.6e7

/** How rows and columns lie in the kernels' memory. */
export interface WasmLayout extends NetworkSize {
  rows: number
  /** A whole number of chunks; the last rows may be empty. */
  paddedRows: number
  chunks: number
  chunkRows: number
  /** Columns of a patch, and of the hidden layer, each a multiple of four. */
  width: number
  hiddenWidth: number
}

export function wasmLayout(rows: number, { n, h }: NetworkSize): WasmLayout {
  const wanted = Math.min(mostChunkRows, Math.max(fewestChunkRows, Math.ceil((rows * n * h) / sumValues)))
  const chunks = Math.ceil(rows / wanted)
  const chunkRows = Math.ceil(rows / chunks)
  return {
    rows,
    n,
    h,
    chunks,
    chunkRows,
    paddedRows: chunks * chunkRows,
    width: toLanes(n),
    hiddenWidth: toLanes(h),
  }
}

const toLanes = (columns: number): number => Math.ceil(columns / lanes) * lanes

/** Copies a rows × columns matrix into a wider one. */
export function padMatrix(
  from: Patches,
  rows: number,
  columns: number,
  to: Float32Array,
  width: number,
): void {
  if (columns === width) {
    to.set(from)
    return
  }
  for (let i = 0; i < rows; i++) {
    to.set(from.subarray(i * columns, (i + 1) * columns), i * width)
  }
}

/** The parameters as the kernels read them. */
export interface WasmParameters {
  /** n × hiddenWidth */
  W1Transposed: Float32Array
  /** h × width */
  W2Transposed: Float32Array
  /** n × hiddenWidth */
  W2: Float32Array
  b1: Float32Array
  b2: Float32Array
}

export function createWasmParameters({ n, h, width, hiddenWidth }: WasmLayout): WasmParameters {
  return {
    W1Transposed: new Float32Array(n * hiddenWidth),
    W2Transposed: new Float32Array(h * width),
    W2: new Float32Array(n * hiddenWidth),
    b1: new Float32Array(hiddenWidth),
    b2: new Float32Array(width),
  }
}

export function setWasmParameters(to: WasmParameters, theta: Float64Array, layout: WasmLayout): void {
  const { n, h, width, hiddenWidth } = layout
  const { W1, W2, b1, b2 } = thetaViews(theta, layout)
  for (let j = 0; j < h; j++) {
    for (let k = 0; k < n; k++) {
      to.W1Transposed[k * hiddenWidth + j] = W1[j * n + k]
      to.W2Transposed[j * width + k] = W2[k * h + j]
      to.W2[k * hiddenWidth + j] = W2[k * h + j]
    }
  }
  to.b1.set(b1)
  to.b2.set(b2)
}
