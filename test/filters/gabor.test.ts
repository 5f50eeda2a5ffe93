import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fitGabor } from '#shared/filters/gaborFit.ts'
import { describeGabor, evaluateGabor, gaborParameters } from '#shared/filters/gaborModel.ts'
import { levenbergMarquardt } from '#shared/filters/levenbergMarquardt.ts'
import { createRandom } from '#shared/random/random.ts'

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** A Gabor function of which a patch holds enough to tell it: its middle, and half a wave across its Gaussian. */
const gabor = fc
  .record({
    size: fc.integer({ min: 8, max: 16 }),
    x: between(0.3, 0.65),
    y: between(0.3, 0.65),
    angle: between(-Math.PI, Math.PI),
    frequency: between(0.12, 0.38),
    waves: between(0.3, 0.7),
    along: between(0.18, 0.45),
    phase: between(-Math.PI, Math.PI),
    amplitude: between(0.01, 50),
  })
  .map(({ size, x, y, angle, frequency, waves, along, phase, amplitude }) => ({
    size,
    parameters: [
      x * size,
      y * size,
      angle,
      frequency,
      Math.log(Math.max(1, Math.min(waves / frequency, size / 3))),
      Math.log(along * size),
      amplitude * Math.cos(phase),
      -amplitude * Math.sin(phase),
    ],
  }))

function draw(parameters: readonly number[], size: number): Float64Array {
  const values = new Float64Array(size * size)
  evaluateGabor(parameters, size, values, null)
  return values
}

/** Smallest difference of two angles that mean the same every `period` degrees. */
const apart = (a: number, b: number, period: number) => {
  const difference = Math.abs(a - b) % period
  return Math.min(difference, period - difference)
}

describe('a fit', () => {
  test('finds the Gabor function that a filter is', () => {
    fc.assert(
      fc.property(gabor, ({ size, parameters }) => {
        const found = fitGabor(draw(parameters, size), size, 1)
        const made = describeGabor(parameters)
        expect(found?.r2).toBeGreaterThan(0.999)
        if (!found) return
        expect(found.isDescribed).toBe(true)
        expect(apart(found.orientation, made.orientation, 180)).toBeLessThan(1)
        expect(found.frequency / made.frequency).toBeCloseTo(1, 1)
        expect(found.centre.x).toBeCloseTo(made.centre.x, 0)
        expect(found.centre.y).toBeCloseTo(made.centre.y, 0)
      }),
      { numRuns: 60, seed: 5 },
    )
  })

  test('is the filter less its residual', () => {
    const random = createRandom(2)
    const filter = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i / 3) + random.uniform())
    const found = fitGabor(filter, 8, 1)
    found?.fit.forEach((value, i) => expect(value + found.residual[i]).toBeCloseTo(filter[i], 5))
    expect.assertions(64)
  })

  test('to noise explains little of it and says that it describes nothing', () => {
    const random = createRandom(3)
    for (let k = 0; k < 20; k++) {
      const found = fitGabor(
        Float64Array.from({ length: 64 }, () => random.normal()),
        8,
        1,
      )
      expect(found?.r2).toBeLessThan(0.5)
      expect(found?.isDescribed).toBe(false)
    }
  })

  test('to a filter under a little noise still finds it', () => {
    const random = createRandom(4)
    const parameters = [3.4, 3.9, 0.6, 0.14, Math.log(2.4), Math.log(3.5), 0.5, -0.6]
    const noisy = draw(parameters, 8).map((value) => value + 0.05 * random.normal())
    const found = fitGabor(noisy, 8, 1)
    expect(found?.r2).toBeGreaterThan(0.9)
    expect(found?.orientation).toBeCloseTo(describeGabor(parameters).orientation, -1)
  })

  test('to a colour filter is that to its luminance: three equal channels are the grey filter', () => {
    const grey = draw([3.5, 3.5, 1, 0.15, Math.log(2), Math.log(2.5), 1, 0], 8)
    const colour = Float64Array.from({ length: 3 * 64 }, (_, i) => grey[Math.floor(i / 3)])
    expect(fitGabor(colour, 8, 3)?.orientation).toBeCloseTo(fitGabor(grey, 8, 1)?.orientation ?? NaN, 3)
  })

  test('there is none to a dead unit, a diverged one, a flat filter, or a patch too small for it', () => {
    expect(fitGabor(new Float32Array(64), 8, 1)).toBeNull()
    expect(fitGabor(new Float32Array(64).fill(NaN), 8, 1)).toBeNull()
    expect(fitGabor(new Float32Array(64).fill(0.5), 8, 1)).toBeNull()
    expect(
      fitGabor(
        Float32Array.from({ length: 25 }, (_, i) => i),
        5,
        1,
      ),
    ).toBeNull()
  })
})

describe('a Gabor function is told', () => {
  const upright = [3.5, 3.5, 0, 0.2, Math.log(2), Math.log(3), 1, 0]
  const turned = (radians: number) => upright.with(2, radians)

  test('by the direction of its stripes, counter-clockwise from horizontal', () => {
    expect(describeGabor(upright).orientation).toBeCloseTo(90)
    // The wave runs up to the right, so that the stripes run up to the left.
    expect(describeGabor(turned(Math.PI / 4)).orientation).toBeCloseTo(135)
    const values = draw(turned(Math.PI / 4), 8)
    expect(values[3 * 8 + 3]).toBeCloseTo(values[4 * 8 + 4], 9)
    expect(values[3 * 8 + 4]).toBeLessThan(values[3 * 8 + 3])
  })

  test('with the phase of a light stripe 0, of a dark one 180, of an edge ±90', () => {
    expect(describeGabor(upright).phase).toBeCloseTo(0)
    expect(describeGabor(upright.with(6, -1)).phase).toBeCloseTo(180)
    // cos(2πfu + 90°) falls to the right: dark there.
    const edge = upright.with(6, 0).with(7, -1)
    expect(describeGabor(edge).phase).toBeCloseTo(90)
    expect(draw(edge, 8)[3 * 8 + 5]).toBeLessThan(0)
  })

  test('the same, however it is written', () => {
    fc.assert(
      fc.property(gabor, ({ parameters }) => {
        const one = describeGabor(parameters)
        const others = [
          parameters.with(2, parameters[2] + Math.PI).with(7, -parameters[7]),
          parameters.with(3, -parameters[3]).with(7, -parameters[7]),
          parameters.with(2, parameters[2] - 2 * Math.PI),
        ]
        for (const other of others.map(describeGabor)) {
          expect(apart(other.orientation, one.orientation, 180)).toBeLessThan(1e-6)
          expect(other.frequency).toBeCloseTo(one.frequency, 9)
          // At exactly horizontal stripes both senses are as good.
          if (apart(one.orientation, 0, 180) > 1e-6)
            expect(apart(other.phase, one.phase, 360)).toBeLessThan(1e-6)
        }
      }),
    )
  })

  test('with the bandwidth between half heights, which a broad one has none of', () => {
    // Petkov and Kruizinga: one octave is σ = 0.56 λ.
    const one = describeGabor([0, 0, 0, 0.1, Math.log(5.6), Math.log(5.6), 1, 0])
    expect(one.bandwidth).toBeCloseTo(1, 2)
    expect(describeGabor([0, 0, 0, 0.05, Math.log(1), 0, 1, 0]).bandwidth).toBeNull()
    expect(one).toMatchObject({ period: 10, aspect: 1 })
  })
})

test('the derivatives of a Gabor function are its differences', () => {
  fc.assert(
    fc.property(gabor, ({ size, parameters }) => {
      const count = gaborParameters.length
      const jacobian = new Float64Array(size * size * count)
      evaluateGabor(parameters, size, new Float64Array(size * size), jacobian)
      const scale = Math.max(Math.abs(parameters[6]), Math.abs(parameters[7]))
      for (let k = 0; k < count; k++) {
        const step = k >= 6 ? 1e-4 * scale : 1e-5
        const up = draw(parameters.with(k, parameters[k] + step), size)
        const down = draw(parameters.with(k, parameters[k] - step), size)
        up.forEach((value, i) => {
          const error = (value - down[i]) / (2 * step) - jacobian[i * count + k]
          expect(Math.abs(error)).toBeLessThan(1e-4 * (1 + 100 * scale))
        })
      }
    }),
    { numRuns: 20 },
  )
})

describe('Levenberg–Marquardt', () => {
  /** Rosenbrock's valley as least squares: 10(y − x²) and 1 − x. */
  const valley = (lower: number[], upper: number[]) => ({
    points: 2,
    lower,
    upper,
    evaluate([x, y]: Float64Array, residuals: Float64Array, jacobian: Float64Array) {
      residuals.set([10 * (y - x * x), 1 - x])
      jacobian.set([-20 * x, 10, -1, 0])
    },
  })

  test('follows a curved valley to its end', () => {
    const { parameters, squares } = levenbergMarquardt(valley([-9, -9], [9, 9]), [-1.2, 1])
    expect(parameters[0]).toBeCloseTo(1, 6)
    expect(parameters[1]).toBeCloseTo(1, 6)
    expect(squares).toBeLessThan(1e-10)
  })

  test('stays within bounds and goes along them', () => {
    const { parameters } = levenbergMarquardt(valley([-9, -9], [0.5, 9]), [-1.2, 1])
    expect(parameters[0]).toBeCloseTo(0.5, 6)
    expect(parameters[1]).toBeCloseTo(0.25, 6)
  })

  test('gives back where it began when that is as good as it gets, or cannot be evaluated', () => {
    expect([...levenbergMarquardt(valley([-9, -9], [9, 9]), [1, 1]).parameters]).toEqual([1, 1])
    expect(levenbergMarquardt(valley([-9, -9], [9, 9]), [NaN, 1]).squares).toBeNaN()
  })
})
