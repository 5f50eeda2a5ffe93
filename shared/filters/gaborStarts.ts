const mostPeaks = 4

interface Wave {
  /** Cycles per pixel, to the right and down. */
  x: number
  y: number
  power: number
}

/**
 * Where a fit of a Gabor function begins: the strongest waves of the patch, each under a round and a narrow Gaussian as
 * wide as its energy is spread.
 * @param values size × size, row by row
 * @returns parameters in the order of `gaborParameters`; a and b are 0, since they follow from the rest
 */
export function gaborStarts(values: ArrayLike<number>, size: number): number[][] {
  const { x, y, sigma } = energyOf(values, size)
  return strongestWaves(values, size).flatMap((wave) => {
    const frequency = Math.min(0.5, Math.hypot(wave.x, wave.y))
    const angle = Math.atan2(-wave.y, wave.x)
    return [
      [1, 1],
      [0.6, 1],
    ].map(([across, along]) => [
      x,
      y,
      angle,
      frequency,
      Math.log(across * sigma),
      Math.log(along * sigma),
      0,
      0,
    ])
  })
}

/** Middle of the squared values, and their spread as the σ of a round Gaussian. */
function energyOf(values: ArrayLike<number>, size: number): { x: number; y: number; sigma: number } {
  let [sum, sumX, sumY, squares] = [0, 0, 0, 0]
  for (let i = 0; i < size * size; i++) {
    const energy = values[i] * values[i]
    const [column, row] = [i % size, Math.floor(i / size)]
    sum += energy
    sumX += energy * column
    sumY += energy * row
    squares += energy * (column * column + row * row)
  }
  const [x, y] = [sumX / sum, sumY / sum]
  const variance = squares / sum - x * x - y * y
  // Squaring a Gaussian narrows it by √2; two directions make the rest.
  return { x, y, sigma: Math.max(0.8, Math.sqrt(Math.max(0, variance))) }
}

/** The highest local maxima of the power spectrum, taken at twice the patch's own frequencies. */
function strongestWaves(values: ArrayLike<number>, size: number): Wave[] {
  const spectrum = powerSpectrum(values, size)
  const at = (kx: number, ky: number): number =>
    // The other half is the same, turned about 0.
    kx < 0 ? at(-kx, -ky) : (spectrum.get(`${kx},${ky}`) ?? 0)
  const peaks: Wave[] = []
  for (let kx = 0; kx <= size; kx++) {
    for (let ky = -size; ky <= size; ky++) {
      if (kx === 0 && ky <= 0) continue
      const power = at(kx, ky)
      const isPeak = [-1, 0, 1].every((dx) =>
        [-1, 0, 1].every((dy) => (dx === 0 && dy === 0) || at(kx + dx, ky + dy) <= power),
      )
      if (isPeak && power > 0) peaks.push({ x: kx / (2 * size), y: ky / (2 * size), power })
    }
  }
  return peaks.sort((a, b) => b.power - a.power).slice(0, mostPeaks)
}

/** |Σ (v − mean) e^(−2πi(kx·x + ky·y)/2size)|² for kx from 0 and ky from −size to size; rows first, then columns. */
function powerSpectrum(values: ArrayLike<number>, size: number): Map<string, number> {
  let mean = 0
  for (let i = 0; i < size * size; i++) mean += values[i] / (size * size)
  const angle = (k: number, at: number) => (-Math.PI * k * at) / size
  const spectrum = new Map<string, number>()
  for (let kx = 0; kx <= size; kx++) {
    const rows = Array.from({ length: size }, (_, row) => {
      let [real, imaginary] = [0, 0]
      for (let column = 0; column < size; column++) {
        const value = values[row * size + column] - mean
        real += value * Math.cos(angle(kx, column))
        imaginary += value * Math.sin(angle(kx, column))
      }
      return { real, imaginary }
    })
    for (let ky = -size; ky <= size; ky++) {
      let [real, imaginary] = [0, 0]
      rows.forEach((sum, row) => {
        const [cosine, sine] = [Math.cos(angle(ky, row)), Math.sin(angle(ky, row))]
        real += sum.real * cosine - sum.imaginary * sine
        imaginary += sum.real * sine + sum.imaginary * cosine
      })
      spectrum.set(`${kx},${ky}`, real * real + imaginary * imaginary)
    }
  }
  return spectrum
}
