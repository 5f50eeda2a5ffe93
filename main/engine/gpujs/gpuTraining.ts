import { LabError } from '#shared/domain/labError.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import { adamScalars } from '#main/optimiser/adam.ts'
import type { Engine, EngineSettings, EngineShape, MiniBatchState } from '../engine.ts'
import type { GpuDevice, GpuKernel, GpuStore, Resident } from './gpuDevice.ts'
import { alternating, compileGradient, type GpuGradient, type ResidentExamples } from './gpuGradient.ts'
import { forEachRow, pack, unpack, type GpuLayout } from './gpuLayout.ts'
import { errorsKernel, gatherKernel, updateKernels } from './gpuUpdateKernels.ts'

/** Steps whose squared errors are read back together. */
const stepsPerReading = 256

interface ResidentState {
  theta: Resident
  first: Resident
  second: Resident | null
  rhoHat: Resident
  step: number
}

/** Kernels and space for batches of one length. */
interface Batch {
  order: GpuStore
  gather: GpuKernel
  gatherTargets: GpuKernel
  gradient: GpuGradient
}

/**
 * Adam and SGD that never leave the device: parameters, moments and the average of ρ̂ stay there from step to step and
 * from call to call.
 *
 * Over the bus go, for `steps`: 4 bytes for each patch (its index) and some 1.5 kB of kernel settings for each step;
 * back come 4 bytes for each step (its squared error). `loadState` and `readState` move the state once, 4 bytes for
 * each number in it.
 */
export function createGpuTraining(
  device: GpuDevice,
  layout: GpuLayout,
  shape: EngineShape,
  settings: EngineSettings,
  examples: () => ResidentExamples,
): Pick<Engine, 'loadState' | 'steps' | 'readState'> {
  const { n, h } = shape
  const { hyper, optimiser, momentum, rhoHatDecay } = settings
  const { length } = thetaLayout(shape)
  const isAdam = optimiser !== 'sgd'
  const texts = updateKernels(layout, momentum)
  const updates = {
    first: alternating(device, isAdam ? texts.adam.first : texts.sgd.velocity),
    second: isAdam ? alternating(device, texts.adam.second) : null,
    theta: alternating(device, isAdam ? texts.adam.theta : texts.sgd.theta),
  }
  const addError = alternating(device, errorsKernel(n, stepsPerReading))
  // Space is taken when it is first needed: L-BFGS never does.
  const vector = lazy(() => [layout.length, layout.length, layout.length].map((size) => device.store(size)))
  const decay = lazy(() => {
    const values = new Float32Array(layout.length)
    forEachRow(layout, (_theta, at, count, isBias) => {
      if (!isBias) values.fill(hyper.lambda, at, at + count)
    })
    return device.store(layout.length)(values)
  })
  const rhoHatStore = lazy(() => device.store(h))
  const noErrors = lazy(() => device.store(stepsPerReading)())
  const batches = new Map<number, Batch>()
  let state: ResidentState | null = null

  function batchOf(rows: number): Batch {
    const known = batches.get(rows)
    if (known) return known
    const batch = {
      order: device.store(rows),
      gather: device.compile(gatherKernel(n, rows)),
      gatherTargets: device.compile(gatherKernel(n, rows)),
      gradient: compileGradient(device, layout, rows, hyper),
    }
    batches.set(rows, batch)
    return batch
  }

  const loaded = (): ResidentState => {
    if (!state) throw new LabError('internal', 'The optimiser has no state yet.')
    return state
  }

  async function step(rows: Uint32Array, rate: number): Promise<Resident> {
    const before = loaded()
    const { order, gather, gatherTargets, gradient } = batchOf(rows.length)
    const { inputs, targets } = examples()
    const places = await order(Float32Array.from(rows))
    const given = await gather(inputs, places)
    const batch = {
      inputs: given,
      targets: targets === inputs ? given : await gatherTargets(targets, places),
    }
    const kept = before.step === 0 ? 0 : rhoHatDecay
    const { rhoHat, squares, products } = await gradient.pass(batch, before.theta, (sums) =>
      gradient.movingAverage(sums, before.rhoHat, kept),
    )
    const slope = await gradient.gradient(...products, before.theta, await decay())
    const first = await updates.first(slope, before.first)
    const taken = before.step + 1
    if (updates.second && before.second) {
      const second = await updates.second(slope, before.second)
      const scalars = adamScalars(taken, rate)
      const theta = await updates.theta(before.theta, first, second, scalars.rate, scalars.epsilon)
      state = { theta, first, second, rhoHat, step: taken }
    } else {
      const theta = await updates.theta(before.theta, first, rate)
      state = { theta, first, second: null, rhoHat, step: taken }
    }
    return squares
  }

  return {
    async loadState(given) {
      checkState(given, length, isAdam)
      const [theta, first, second] = vector()
      const packed = (values: Float64Array) => pack(layout, values, new Float32Array(layout.length))
      state = {
        theta: await theta(packed(given.theta)),
        first: await first(packed(given.firstMoment)),
        second: isAdam ? await second(packed(given.secondMoment)) : null,
        // Not a number yet, where there was no step; 0 · NaN would be NaN.
        rhoHat: await rhoHatStore()(given.step === 0 ? new Float32Array(h) : Float32Array.from(given.rhoHat)),
        step: given.step,
      }
    },

    async steps(order, rates) {
      const squaredError = new Float64Array(rates.length)
      for (let from = 0; from < rates.length; from += stepsPerReading) {
        const to = Math.min(rates.length, from + stepsPerReading)
        let errors = await noErrors()
        for (let s = from; s < to; s++) {
          const rows = order.subarray(s * shape.batch, (s + 1) * shape.batch)
          errors = await addError(errors, await step(rows, rates[s]), s - from)
        }
        const [values] = await device.read([errors])
        squaredError.set(values.subarray(0, to - from), from)
      }
      return { squaredError }
    },

    async readState() {
      const { theta, first, second, rhoHat, step } = loaded()
      const values = await device.read([theta, first, rhoHat, ...(second ? [second] : [])])
      return {
        theta: unpack(layout, values[0]),
        firstMoment: unpack(layout, values[1]),
        secondMoment: second ? unpack(layout, values[3]) : new Float64Array(0),
        rhoHat: step === 0 ? new Float64Array(h).fill(Number.NaN) : Float64Array.from(values[2]),
        step,
      }
    },
  }
}

function checkState(state: MiniBatchState, length: number, isAdam: boolean): void {
  const { theta, firstMoment, secondMoment } = state
  if (
    theta.length !== length ||
    firstMoment.length !== length ||
    secondMoment.length !== (isAdam ? length : 0)
  ) {
    throw new LabError('shape', `The optimiser's state does not fit a network of ${length} parameters.`)
  }
}

function lazy<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}
