/** Steps of the transform that are spent at most; some tenths of a second. */
const budget = 1e8
const mostPatches = 4000

export interface PatchGeometry {
  patchSize: number
  channels: 1 | 3
}

/** Cycles per pixel of each ring: 1, 2, … p/2 cycles over p pixels. */
export const spectrumFrequencies = (patchSize: number): number[] =>
  Array.from({ length: Math.floor(patchSize / 2) }, (_, k) => (k + 1) / patchSize)

/**
 * Radially averaged power spectrum: |F|²/p² of mean-free patches, averaged over all frequencies of (rounded) equal
 * length, over channels and over up to 4000 patches spread evenly. White noise of variance σ² gives σ² in each ring.
 * @param patches m × n row-major, n = patchSize² · channels
 * @returns one value for each of `spectrumFrequencies`
 */
export function powerSpectrum(
  patches: Float32Array,
  m: number,
  { patchSize: p, channels }: PatchGeometry,
): number[] {
  const n = p * p * channels
  const count = Math.max(1, Math.min(m, mostPatches, Math.floor(budget / (p ** 3 * channels))))
  const transform = planTransform(p)
  const rings = spectrumFrequencies(p).map(() => ({ power: 0, count: 0 }))
  const square = new Float64Array(p * p)
  for (let k = 0; k < count; k++) {
    const start = Math.floor((k * m) / count) * n
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let i = 0; i < p * p; i++) sum += square[i] = patches[start + i * channels + channel]
      for (let i = 0; i < p * p; i++) square[i] -= sum / (p * p)
      addPower(transform(square), p, rings)
    }
  }
  return rings.map(({ power, count }) => power / count)
}

function addPower(power: Float64Array, p: number, rings: { power: number; count: number }[]): void {
  for (let v = 0; v < p; v++) {
    for (let u = 0; u < p; u++) {
      const ring = Math.round(Math.hypot(Math.min(u, p - u), Math.min(v, p - v)))
      if (ring < 1 || ring > rings.length) continue
      rings[ring - 1].power += power[v * p + u]
      rings[ring - 1].count += 1
    }
  }
}

/** |F|²/p² of a p × p square, first along rows, then along columns; p is too small for more cunning. */
function planTransform(p: number): (square: Float64Array) => Float64Array {
  const cosines = Float64Array.from({ length: p }, (_, k) => Math.cos((2 * Math.PI * k) / p))
  const sines = Float64Array.from({ length: p }, (_, k) => Math.sin((2 * Math.PI * k) / p))
  const real = new Float64Array(p * p)
  const imaginary = new Float64Array(p * p)
  const power = new Float64Array(p * p)
  return (square) => {
    for (let y = 0; y < p; y++) {
      for (let u = 0; u < p; u++) {
        let re = 0
        let im = 0
        for (let x = 0, turn = 0; x < p; x++, turn = (turn + u) % p) {
          re += square[y * p + x] * cosines[turn]
          im -= square[y * p + x] * sines[turn]
        }
        real[y * p + u] = re
        imaginary[y * p + u] = im
      }
    }
    for (let u = 0; u < p; u++) {
      for (let v = 0; v < p; v++) {
        let re = 0
        let im = 0
        for (let y = 0, turn = 0; y < p; y++, turn = (turn + v) % p) {
          re += real[y * p + u] * cosines[turn] + imaginary[y * p + u] * sines[turn]
          im += imaginary[y * p + u] * cosines[turn] - real[y * p + u] * sines[turn]
        }
        power[v * p + u] = (re * re + im * im) / (p * p)
      }
    }
    return power
  }
}
