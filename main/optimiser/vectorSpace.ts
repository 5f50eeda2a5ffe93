import { compileVectorLoops, float32Bytes, float64Bytes, padded, type VectorLoops } from './vectorLoops.ts'
import * as plain from './vectors.ts'

/**
 * Room for vectors of one length, and the loops over them. Only vectors of this room may be given to its loops.
 * Results do not depend on what carries the loops out, to the bit.
 */
export interface VectorSpace {
  /** A new vector of zeros. */
  vector(): Float64Array
  /**
   * A new vector of zeros for one half of a pair that tells of curvature. Half as many bytes: reading all pairs is what
   * an iteration of L-BFGS takes time for, and the changes of a gradient are no more accurate than this.
   */
  ofPair(): Float32Array
  /** Σ aᵢ·bᵢ; if one alone is a pair's, that is b. */
  dot(a: Float64Array, b: Float64Array | Float32Array): number
  dot(a: Float32Array, b: Float32Array): number
  /** y ← y + scale·x, and Σ yᵢ·wᵢ of the new y, in one pass. */
  addScaledThenDot(y: Float64Array, scale: number, x: Float32Array, w: Float32Array): number
  /** y ← y + scale·x */
  addScaled(y: Float64Array, scale: number, x: Float32Array): void
  /** out ← x + scale·d */
  moveAlong(out: Float64Array, x: Float64Array, scale: number, d: Float64Array): void
  /** out ← scale·x */
  setScaled(out: Float64Array, scale: number, x: Float64Array): void
  /** out ← a − b, rounded */
  subtract(out: Float32Array, a: Float64Array, b: Float64Array): void
}

/** What a space must have room for; one in plain JavaScript has no bound. */
export interface Room {
  /** Numbers of a vector. */
  length: number
  vectors: number
  vectorsOfPairs: number
}

const pageBytes = 65_536
/** What 32-bit addresses reach. */
const mostPages = 65_536

export const createVectorSpace = (room: Room): VectorSpace =>
  createWasmSpace(room) ?? createPlainSpace(room.length)

export const createPlainSpace = (length: number): VectorSpace => ({
  vector: () => new Float64Array(length),
  ofPair: () => new Float32Array(length),
  ...plain,
})

/** @returns null where WebAssembly cannot be had, or not that much memory */
export function createWasmSpace({ length, vectors, vectorsOfPairs }: Room): VectorSpace | null {
  // What is beyond a vector's end stays zero: 0 + scale·0, 0·0.
  const bytes = padded(length) * float64Bytes
  const pairBytes = padded(length) * float32Bytes
  const room = vectors * bytes + vectorsOfPairs * pairBytes
  const pages = Math.ceil(room / pageBytes)
  if (pages > mostPages) return null
  let memory: WebAssembly.Memory
  let loops: VectorLoops | null
  try {
    memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    loops = compileVectorLoops(memory)
  } catch {
    return null
  }
  if (loops === null) return null
  const { dot, dotWithPair, dotOfPair, addScaledThenDot, addScaled, moveAlong, setScaled, subtract } = loops
  let next = 0
  function take(size: number): number {
    if (next + size > room) throw new Error(`There is no room for a vector of ${length} more.`)
    next += size
    return next - size
  }
  return {
    vector: () => new Float64Array(memory.buffer, take(bytes), length),
    ofPair: () => new Float32Array(memory.buffer, take(pairBytes), length),
    dot(a: Float64Array | Float32Array, b: Float64Array | Float32Array) {
      if (a instanceof Float32Array) return dotOfPair(a.byteOffset, b.byteOffset, pairBytes)
      return (b instanceof Float32Array ? dotWithPair : dot)(a.byteOffset, b.byteOffset, bytes)
    },
    addScaledThenDot: (y, scale, x, w) =>
      addScaledThenDot(y.byteOffset, scale, x.byteOffset, w.byteOffset, bytes),
    addScaled: (y, scale, x) => addScaled(y.byteOffset, scale, x.byteOffset, bytes),
    moveAlong: (out, x, scale, d) => moveAlong(out.byteOffset, x.byteOffset, scale, d.byteOffset, bytes),
    setScaled: (out, scale, x) => setScaled(out.byteOffset, scale, x.byteOffset, bytes),
    subtract: (out, a, b) => subtract(out.byteOffset, a.byteOffset, b.byteOffset, pairBytes),
  }
}
