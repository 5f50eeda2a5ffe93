import { describe, expect, it } from 'vitest'
import { createLbfgs, restoreLbfgs, type LbfgsOptions } from '#main/optimiser/lbfgs.ts'

type Evaluate = LbfgsOptions<{ cost: number }>['evaluate']

/** Runs to the end or to `limit` iterations. */
async function minimise(theta: number[], evaluate: Evaluate, limit = 500, gradientTolerance = 1e-8) {
  const lbfgs = createLbfgs({ theta: Float64Array.from(theta), history: 20, gradientTolerance, evaluate })
  await lbfgs.start()
  const costs = [lbfgs.current.cost]
  let stop: string | null = null
  while (stop === null && lbfgs.current.iteration < limit) {
    ;({ stop } = await lbfgs.step())
    costs.push(lbfgs.current.cost)
  }
  return { lbfgs, costs, stop }
}

/** Sum of Rosenbrock valleys over neighbouring coordinates; lowest at (1, …, 1), where it is 0. */
const rosenbrock: Evaluate = async (x, gradient) => {
  let cost = 0
  gradient.fill(0)
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1] - x[i] * x[i]
    cost += 100 * valley * valley + (1 - x[i]) ** 2
    gradient[i] += -400 * valley * x[i] - 2 * (1 - x[i])
    gradient[i + 1] += 200 * valley
  }
  return { cost }
}

/** Condition number 10⁶, lowest at (1, …, 1). */
const illConditioned: Evaluate = async (x, gradient) => {
  let cost = 0
  for (let i = 0; i < x.length; i++) {
    const weight = 10 ** ((6 * i) / (x.length - 1))
    gradient[i] = weight * (x[i] - 1)
    cost += 0.5 * weight * (x[i] - 1) ** 2
  }
  return { cost }
}

/** −ln x − ln(3 − x): NaN outside (0, 3), lowest at 1.5. The first steps from 1e-3 land far outside. */
const logBarrier: Evaluate = async (x, gradient) => {
  gradient[0] = -1 / x[0] + 1 / (3 - x[0])
  return { cost: -Math.log(x[0]) - Math.log(3 - x[0]) }
}

describe('L-BFGS', () => {
  it.each([2, 5, 30])('finds the bottom of the Rosenbrock valley in %i dimensions', async (length) => {
    const start = Array.from({ length }, (_, i) => (i % 2 ? 1 : -1.2))
    const { lbfgs, stop } = await minimise(start, rosenbrock)
    expect(stop).toBe('converged')
    for (const x of lbfgs.current.theta) expect(x).toBeCloseTo(1, 6)
    expect(lbfgs.current.evaluations).toBeLessThan(300)
  })

  it('solves an ill-conditioned quadratic', async () => {
    const { lbfgs, stop } = await minimise(
      Array.from({ length: 12 }, () => -3),
      illConditioned,
      500,
      1e-6,
    )
    expect(stop).toBe('converged')
    for (const x of lbfgs.current.theta) expect(x).toBeCloseTo(1, 5)
  })

  it('never raises the cost', async () => {
    const { costs } = await minimise([-1.2, 1, -1.2, 1], rosenbrock)
    for (let i = 1; i < costs.length; i++) expect(costs[i]).toBeLessThanOrEqual(costs[i - 1])
  })

  it('steps back from where the cost is not a number', async () => {
    const { lbfgs, stop } = await minimise([1e-3], logBarrier)
    expect(stop).toBe('converged')
    expect(lbfgs.current.theta[0]).toBeCloseTo(1.5, 6)
  })

  it.each([Number.NaN, Infinity, -Infinity])('says diverged where all but the start is %d', async (bad) => {
    const { lbfgs, stop } = await minimise([1, 2], async (x, gradient) => {
      gradient.fill(1)
      return { cost: x[0] === 1 && x[1] === 2 ? 5 : bad }
    })
    expect(stop).toBe('diverged')
    expect([...lbfgs.current.theta]).toEqual([1, 2])
    expect(lbfgs.current.cost).toBe(5)
  })

  it('says diverged when the start itself is not finite', async () => {
    const { stop } = await minimise([1], async () => ({ cost: Number.NaN }))
    expect(stop).toBe('diverged')
  })

  it('says converged at a minimum without moving', async () => {
    const { lbfgs, stop } = await minimise([1, 1], rosenbrock)
    expect(stop).toBe('converged')
    expect(lbfgs.current.evaluations).toBe(1)
  })

  it('gives up after one retry when the gradient points uphill', async () => {
    const { lbfgs, stop } = await minimise([1, 1], async (x, gradient) => {
      gradient.set(x.map((value) => -value))
      return { cost: 0.5 * x.reduce((sum, value) => sum + value * value, 0) }
    })
    expect(stop).toBe('lineSearchFailed')
    expect(lbfgs.current.evaluations).toBeLessThan(60)
  })

  it('stops at the flat end that float32 leaves, instead of looping', async () => {
    const { lbfgs, stop } = await minimise(
      Array.from({ length: 40 }, (_, i) => Math.sin(i)),
      async (x, gradient) => {
        const { cost } = await illConditioned(x, gradient)
        for (let i = 0; i < x.length; i++)
          gradient[i] = Math.fround(gradient[i] + 1e-3 * Math.sin(1e6 * x[i]))
        return { cost: Math.fround(cost + 1) }
      },
      2000,
      1e-12,
    )
    expect(stop).toBe('lineSearchFailed')
    expect(lbfgs.current.cost).toBeCloseTo(1, 3)
  })

  it('reports what was measured at the accepted point, not at the last one tried', async () => {
    const options = { history: 5, gradientTolerance: 1e-8, theta: Float64Array.of(-1.2, 1) }
    const lbfgs = createLbfgs({
      ...options,
      evaluate: async (x, gradient) => ({ ...(await rosenbrock(x, gradient)), seen: [...x] }),
    })
    await lbfgs.start()
    for (let i = 0; i < 20; i++) {
      const { theta, evaluation, gradient } = lbfgs.current
      const again = new Float64Array(2)
      expect(evaluation.seen).toEqual([...theta])
      expect(evaluation.cost).toBe((await rosenbrock(theta, again)).cost)
      expect(gradient).toEqual(again)
      await lbfgs.step()
    }
  })

  it.each([0, 1, 3, 7, 23])('goes on bit for bit from a state taken after %i steps', async (before) => {
    const options = { history: 5, gradientTolerance: 1e-12, evaluate: rosenbrock }
    const theta = Float64Array.from({ length: 12 }, (_, i) => (i % 2 ? 1 : -1.2))
    const straight = createLbfgs({ ...options, theta })
    await straight.start()
    for (let i = 0; i < before; i++) await straight.step()
    const state = structuredClone(straight.state())
    const resumed = restoreLbfgs(state, options)
    await resumed.start()
    for (let i = 0; i < 12; i++) {
      expect(await resumed.step()).toEqual(await straight.step())
      expect(resumed.current).toEqual(straight.current)
    }
    expect(resumed.state()).toEqual(straight.state())
  })

  it('goes on bit for bit from the state of an older checkpoint, whose pairs are in float64', async () => {
    const { lbfgs } = await minimise([-1.2, 1], rosenbrock, 8)
    const state = lbfgs.state()
    const { steps, gradientChanges } = state
    expect([steps, gradientChanges]).toEqual([expect.any(Float32Array), expect.any(Float32Array)])
    const older = {
      ...state,
      steps: Float64Array.from(steps),
      gradientChanges: Float64Array.from(gradientChanges),
    }
    const resumed = restoreLbfgs(older, { history: 20, gradientTolerance: 1e-8, evaluate: rosenbrock })
    for (let i = 0; i < 5; i++) {
      await lbfgs.step()
      await resumed.step()
      expect(resumed.current).toEqual(lbfgs.current)
    }
  })

  it('leaves a state alone that was taken before further steps', async () => {
    const { lbfgs } = await minimise([-1.2, 1], rosenbrock, 4)
    const state = lbfgs.state()
    const copy = structuredClone(state)
    await lbfgs.step()
    await lbfgs.step()
    expect(state).toEqual(copy)
  })
})
