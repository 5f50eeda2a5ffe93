/**
 * Loops over whole vectors of parameters, unrolled four ways with independent sums, as vectorLoops.ts has them in
 * WebAssembly. Lengths are equal; nothing is allocated.
 */

/** Σ aᵢ·bᵢ */
export function dot(a: Float64Array | Float32Array, b: Float64Array | Float32Array): number {
  const length = a.length
  const whole = length - (length % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i] * b[i]
    s1 += a[i + 1] * b[i + 1]
    s2 += a[i + 2] * b[i + 2]
    s3 += a[i + 3] * b[i + 3]
  }
  if (whole < length) s0 += a[whole] * b[whole]
  if (whole + 1 < length) s1 += a[whole + 1] * b[whole + 1]
  if (whole + 2 < length) s2 += a[whole + 2] * b[whole + 2]
  return s0 + s1 + (s2 + s3)
}

/** y ← y + scale·x, and Σ yᵢ·wᵢ of the new y, in one pass. */
export function addScaledThenDot(y: Float64Array, scale: number, x: Float32Array, w: Float32Array): number {
  const length = y.length
  const whole = length - (length % 4)
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let i = 0; i < whole; i += 4) {
    const y0 = y[i] + scale * x[i]
    const y1 = y[i + 1] + scale * x[i + 1]
    const y2 = y[i + 2] + scale * x[i + 2]
    const y3 = y[i + 3] + scale * x[i + 3]
    y[i] = y0
    y[i + 1] = y1
    y[i + 2] = y2
    y[i + 3] = y3
    s0 += y0 * w[i]
    s1 += y1 * w[i + 1]
    s2 += y2 * w[i + 2]
    s3 += y3 * w[i + 3]
  }
  for (let i = whole; i < length; i++) y[i] += scale * x[i]
  if (whole < length) s0 += y[whole] * w[whole]
  if (whole + 1 < length) s1 += y[whole + 1] * w[whole + 1]
  if (whole + 2 < length) s2 += y[whole + 2] * w[whole + 2]
  return s0 + s1 + (s2 + s3)
}

/** y ← y + scale·x */
export function addScaled(y: Float64Array, scale: number, x: Float32Array): void {
  for (let i = 0; i < y.length; i++) y[i] += scale * x[i]
}

/** out ← x + scale·d */
export function moveAlong(out: Float64Array, x: Float64Array, scale: number, d: Float64Array): void {
  const length = out.length
  const whole = length - (length % 4)
  for (let i = 0; i < whole; i += 4) {
    out[i] = x[i] + scale * d[i]
    out[i + 1] = x[i + 1] + scale * d[i + 1]
    out[i + 2] = x[i + 2] + scale * d[i + 2]
    out[i + 3] = x[i + 3] + scale * d[i + 3]
  }
  for (let i = whole; i < length; i++) out[i] = x[i] + scale * d[i]
}

/**
 * out ← scale·x
 * @public by vectorSpace.ts, which takes all of this file
 */
export function setScaled(out: Float64Array, scale: number, x: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = scale * x[i]
}

/** out ← a − b, rounded */
export function subtract(out: Float32Array, a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i]
}

/** max |xᵢ|; NaN if any is NaN. */
export function maxAbs(x: Float64Array): number {
  let largest = 0
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i])
    if (size <= largest) continue
    if (Number.isNaN(size)) return size
    largest = size
  }
  return largest
}

/** Σ |xᵢ| */
export function sumAbs(x: Float64Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += Math.abs(x[i])
  return sum
}
