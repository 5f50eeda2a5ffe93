import {
  describeGabor,
  evaluateGabor,
  gaborParameters,
  smallestGaborSize,
  type GaborDescription,
} from './gaborModel.ts'
import { gaborStarts } from './gaborStarts.ts'
import { luminance } from './luminance.ts'
import { levenbergMarquardt, type LeastSquares, type Minimum } from './levenbergMarquardt.ts'

/** From this R², adjusted for the eight parameters, a Gabor function describes a filter; noise stays below. */
const describedFrom = 0.5

export interface GaborFit extends GaborDescription {
  /** Share of the filter's variance that the fit explains, at most 1. */
  r2: number
  /** Whether `r2` is higher than a fit to noise reaches, so that the rest means anything. */
  isDescribed: boolean
  /** size × size, row by row: the fitted function. */
  fit: Float32Array
  /** What it leaves over: the filter (its luminance) less the fit. */
  residual: Float32Array
}

/**
 * Fits a Gabor function to a filter: Levenberg–Marquardt from several starts, the best of which is returned.
 * @param filter patchSize² · channels values, channel last; of three channels the luminance is fitted
 * @returns null for a filter that is zero or not finite, or smaller than 6 × 6
 * @see Jones and Palmer 1987
 */
export function fitGabor(filter: ArrayLike<number>, size: number, channels: 1 | 3): GaborFit | null {
  const values = luminance(filter, size, channels)
  const variation = sumOfSquaresAboutMean(values)
  if (size < smallestGaborSize || !(variation > 0) || !Number.isFinite(variation)) return null
  const peak = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const scaled = values.map((value) => value / peak)
  const problem = gaborProblem(scaled, size)
  let best: Minimum = { parameters: new Float64Array(gaborParameters.length), squares: Infinity }
  for (const start of gaborStarts(scaled, size)) {
    const minimum = levenbergMarquardt(problem, withAmplitudes(start, scaled, size))
    if (minimum.squares < best.squares) best = minimum
  }
  if (!Number.isFinite(best.squares)) return null
  const fit = new Float32Array(values.length)
  evaluateGabor(best.parameters, size, fit, null)
  const r2 = 1 - (best.squares * peak * peak) / variation
  return {
    ...describeGabor(best.parameters),
    r2,
    isDescribed: adjusted(r2, values.length) >= describedFrom,
    fit: fit.map((value) => value * peak),
    residual: fit.map((value, i) => values[i] - value * peak),
  }
}

/** R² less what as many parameters would explain of noise. */
const adjusted = (r2: number, points: number): number =>
  1 - ((1 - r2) * (points - 1)) / (points - 1 - gaborParameters.length)

function sumOfSquaresAboutMean(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}

function gaborProblem(values: Float64Array, size: number): LeastSquares {
  const [narrowest, widest] = [Math.log(0.4), Math.log(size)]
  const last = size - 0.5
  // Centred in the patch, half a wave across it at least, two pixels to a wave: what lies outside cannot be told.
  return {
    points: values.length,
    lower: [-0.5, -0.5, -Infinity, 1 / (2 * size), narrowest, narrowest, -1e3, -1e3],
    upper: [last, last, Infinity, 0.5, widest, widest, 1e3, 1e3],
    evaluate(parameters, residuals, jacobian) {
      evaluateGabor(parameters, size, residuals, jacobian)
      for (let i = 0; i < values.length; i++) residuals[i] -= values[i]
    },
  }
}

/** The amplitudes a and b that fit best while all else stays: two linear equations. */
function withAmplitudes(start: readonly number[], values: Float64Array, size: number): Float64Array {
  const parameters = Float64Array.from(start)
  const cosine = new Float64Array(values.length)
  const sine = new Float64Array(values.length)
  evaluateGabor([...start.slice(0, 6), 1, 0], size, cosine, null)
  evaluateGabor([...start.slice(0, 6), 0, 1], size, sine, null)
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0)
  const [cc, ss, cs] = [dot(cosine, cosine), dot(sine, sine), dot(cosine, sine)]
  const [cv, sv] = [dot(cosine, values), dot(sine, values)]
  const determinant = cc * ss - cs * cs
  const isSingular = !(determinant > 1e-9 * cc * ss)
  parameters[6] = isSingular ? cv / Math.max(cc, 1e-12) : (cv * ss - sv * cs) / determinant
  parameters[7] = isSingular ? 0 : (sv * cc - cv * cs) / determinant
  return parameters.map((value, k) => (k < 6 ? value : Math.max(-1e3, Math.min(1e3, value))))
}
