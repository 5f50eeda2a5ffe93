import { compileVectorLoops, turnBytes, type VectorLoops } from './vectorLoops.ts'
import * as plain from './vectors.ts'

/**
 * Room for vectors of one length, and the loops over them. Only vectors of this room may be given to its loops.
 * Results do not depend on what carries the loops out, to the bit.
 */
export interface VectorSpace {
  /** A new vector of zeros. */
  vector(): Float64Array
  /** Σ aᵢ·bᵢ */
  dot(a: Float64Array, b: Float64Array): number
  /** y ← y + scale·x, and Σ yᵢ·wᵢ of the new y, in one pass. */
  addScaledThenDot(y: Float64Array, scale: number, x: Float64Array, w: Float64Array): number
  /** out ← x + scale·d */
  moveAlong(out: Float64Array, x: Float64Array, scale: number, d: Float64Array): void
  /** out ← scale·x */
  setScaled(out: Float64Array, scale: number, x: Float64Array): void
  /** out ← a − b */
  subtract(out: Float64Array, a: Float64Array, b: Float64Array): void
}

const pageBytes = 65_536
/** What 32-bit addresses reach. */
const mostPages = 65_536

/** @param count  vectors that there must be room for; a room in plain JavaScript has no bound */
export function createVectorSpace(length: number, count: number): VectorSpace {
  return createWasmSpace(length, count) ?? createPlainSpace(length)
}

export const createPlainSpace = (length: number): VectorSpace => ({
  vector: () => new Float64Array(length),
  ...plain,
})

/** @returns null where WebAssembly cannot be had, or not that much memory */
export function createWasmSpace(length: number, count: number): VectorSpace | null {
  // What is beyond a vector's end stays zero: 0 + scale·0, 0·0.
  const bytes = Math.max(1, Math.ceil((8 * length) / turnBytes)) * turnBytes
  const pages = Math.ceil((count * bytes) / pageBytes)
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
  const { dot, addScaledThenDot, moveAlong, setScaled, subtract } = loops
  let next = 0
  return {
    vector() {
      if (next === count * bytes) throw new Error(`There is room for ${count} vectors only.`)
      const vector = new Float64Array(memory.buffer, next, length)
      next += bytes
      return vector
    },
    dot: (a, b) => dot(a.byteOffset, b.byteOffset, bytes),
    addScaledThenDot: (y, scale, x, w) =>
      addScaledThenDot(y.byteOffset, scale, x.byteOffset, w.byteOffset, bytes),
    moveAlong: (out, x, scale, d) => moveAlong(out.byteOffset, x.byteOffset, scale, d.byteOffset, bytes),
    setScaled: (out, scale, x) => setScaled(out.byteOffset, scale, x.byteOffset, bytes),
    subtract: (out, a, b) => subtract(out.byteOffset, a.byteOffset, b.byteOffset, bytes),
  }
}
