/**
 * A plane wave under a Gaussian, on pixels (x to the right, y down, the middle of the first pixel at 0, 0):
 * exp(−u²/2σ_u² − w²/2σ_w²) · (a cos 2πfu + b sin 2πfu), with u along the wave and w along its stripes.
 */
export const gaborParameters = ['x', 'y', 'angle', 'frequency', 'logAcross', 'logAlong', 'a', 'b'] as const

/** Below this side of a patch eight parameters would fit anything. */
export const smallestGaborSize = 6

/** `angle` of the wave in radians, counter-clockwise from the x axis; the logarithms are of σ in pixels. */
export type GaborParameters = Record<(typeof gaborParameters)[number], number>

export const toGabor = (values: ArrayLike<number>): GaborParameters =>
  Object.fromEntries(gaborParameters.map((name, i) => [name, values[i]])) as GaborParameters

/** A Gabor function as people read it. */
export interface GaborDescription {
  /** Of the stripes, in degrees counter-clockwise from horizontal, in [0, 180). */
  orientation: number
  /** Cycles per pixel. */
  frequency: number
  /** Pixels per cycle. */
  period: number
  /**
   * Of the cosine at the centre, in degrees, in (−180, 180]; 0 is a light stripe in the middle. It advances to the right,
   * or down where the stripes are horizontal.
   */
  phase: number
  /** In pixels; (0, 0) is the middle of the upper left pixel. */
  centre: { x: number; y: number }
  /** σ of the Gaussian across the stripes and along them, in pixels. */
  sigmaAcross: number
  sigmaAlong: number
  /** Between the half heights of the spectrum, in octaves; null where it reaches down to frequency 0. */
  bandwidth: number | null
  /** σ along over σ across. */
  aspect: number
}

/**
 * Values and derivatives of a Gabor function over a patch.
 * @param values   length size²: its value at each pixel, row by row; overwritten
 * @param jacobian size² × 8 row-major in the order of `gaborParameters`, overwritten; null to leave it out
 */
export function evaluateGabor(
  parameters: ArrayLike<number>,
  size: number,
  values: Float64Array | Float32Array,
  jacobian: Float64Array | null,
): void {
  const { x, y, angle, frequency, logAcross, logAlong, a, b } = toGabor(parameters)
  const [cosAngle, sinAngle] = [Math.cos(angle), Math.sin(angle)]
  const across = Math.exp(-2 * logAcross)
  const along = Math.exp(-2 * logAlong)
  const wave = 2 * Math.PI * frequency
  for (let row = 0, i = 0; row < size; row++) {
    for (let column = 0; column < size; column++, i++) {
      const u = (column - x) * cosAngle - (row - y) * sinAngle
      const w = (column - x) * sinAngle + (row - y) * cosAngle
      const bell = Math.exp(-0.5 * (u * u * across + w * w * along))
      const [cosine, sine] = [Math.cos(wave * u), Math.sin(wave * u)]
      const value = bell * (a * cosine + b * sine)
      values[i] = value
      if (jacobian === null) continue
      const slope = bell * (b * cosine - a * sine)
      const byU = wave * slope - u * across * value
      const byW = -w * along * value
      jacobian[8 * i] = -cosAngle * byU - sinAngle * byW
      jacobian[8 * i + 1] = sinAngle * byU - cosAngle * byW
      jacobian[8 * i + 2] = u * byW - w * byU
      jacobian[8 * i + 3] = 2 * Math.PI * u * slope
      jacobian[8 * i + 4] = u * u * across * value
      jacobian[8 * i + 5] = w * w * along * value
      jacobian[8 * i + 6] = bell * cosine
      jacobian[8 * i + 7] = bell * sine
    }
  }
}

const degrees = (radians: number): number => (radians * 180) / Math.PI
/** The remainder in [0, base). */
const modulo = (value: number, base: number): number => ((value % base) + base) % base

/** The parameters as orientation, frequency, phase, …; the same for every way to write one function. */
export function describeGabor(parameters: ArrayLike<number>): GaborDescription {
  const gabor = toGabor(parameters)
  const { x, y, logAcross, logAlong, a } = gabor
  // A negative frequency runs the other way.
  const b = gabor.frequency < 0 ? -gabor.b : gabor.b
  const frequency = Math.abs(gabor.frequency)
  const orientation = modulo(degrees(gabor.angle) + 90, 180)
  // Whether the wave runs to the right, as the phase is told; (orientation − 90) is in [−90, 90).
  const isTurned = Math.abs(modulo(degrees(gabor.angle) - (orientation - 90) + 90, 360) - 90) > 90
  const phase = degrees(Math.atan2(isTurned ? b : -b, a))
  const [sigmaAcross, sigmaAlong] = [Math.exp(logAcross), Math.exp(logAlong)]
  return {
    orientation,
    frequency,
    period: 1 / frequency,
    phase: phase <= -180 ? phase + 360 : phase,
    centre: { x, y },
    sigmaAcross,
    sigmaAlong,
    bandwidth: bandwidthOf(frequency, sigmaAcross),
    aspect: sigmaAlong / sigmaAcross,
  }
}

/** @see Petkov and Kruizinga 1997, equation 5 */
function bandwidthOf(frequency: number, sigma: number): number | null {
  const half = Math.sqrt(Math.LN2 / 2)
  const product = Math.PI * frequency * sigma
  return product > half ? Math.log2((product + half) / (product - half)) : null
}
