import { thetaLayout } from '#shared/model/theta.ts'
import type { Engine, EngineSettings, EngineShape } from '../engine.ts'
import { gradientFromSums } from '../gradientProgram.ts'
import { examplesIn } from '../programEngine.ts'
import { checkExamples, checkTheta } from '../shapeCheck.ts'
import type { GpuDevice } from './gpuDevice.ts'
import { compileGradient } from './gpuGradient.ts'
import { forEachRow, gpuLayout, pack } from './gpuLayout.ts'
import { createGpuTraining } from './gpuTraining.ts'

/**
 * The engine on a graphics device: everything but the optimiser L-BFGS and the final sum of the cost.
 *
 * Over the bus go, for `setExamples`, 4·m·n bytes, twice that where targets are not the inputs; for `evaluate` theta, 4 bytes for each parameter, and some
 * 1 kB of kernel settings; back come the gradient, as much as theta, n sums of squared errors and ρ̂. Activations and
 * deltas, 4·m·(2h + 2n) bytes, never leave the device. For Adam and SGD see createGpuTraining.
 */
export async function createGpuProgram(
  device: GpuDevice,
  shape: EngineShape,
  settings: EngineSettings,
): Promise<Engine> {
  const { m, n, hasTargets = false } = shape
  const { hyper } = settings
  const layout = gpuLayout(shape, device.perThread)
  const { length } = thetaLayout(shape)
  const whole = compileGradient(device, layout, m, hyper)
  const inputsStore = device.store(n, m)
  const targetsStore = hasTargets ? device.store(n, m) : null
  const thetaStore = device.store(layout.length)
  const packed = new Float32Array(layout.length)

  async function evaluate(theta: Float64Array, gradient: Float64Array) {
    const onDevice = await thetaStore(pack(layout, theta, packed))
    const { rhoHat, squares, products } = await whole.pass(examples, onDevice, (sums) => whole.mean(sums))
    const read = await device.read([await whole.gradientSums(...products), squares, rhoHat])
    const [sums, squaredErrors, mean] = read
    forEachRow(layout, (to, from, count, isBias) => {
      gradientFromSums(gradient, to, sums.subarray(from, from + count), m, isBias ? 0 : hyper.lambda, theta)
    })
    let squaredError = 0
    for (const part of squaredErrors) squaredError += part
    return { squaredError, rhoHat: Float64Array.from(mean) }
  }

  const placed = async (inputs?: Float32Array, targets?: Float32Array) => {
    const given = await inputsStore(inputs)
    return { inputs: given, targets: targetsStore ? await targetsStore(targets) : given }
  }
  let examples = await device.checked(() => placed())
  // gpu.js compiles at the first call.
  await device.checked(() => evaluate(new Float64Array(length), new Float64Array(length)))

  return {
    describe: () => ({
      engine: 'gpu',
      backend: device.backend,
      device: device.adapter.name,
      precision: 'float32',
      versions: device.versions,
    }),
    async setExamples(given) {
      checkExamples(shape, given)
      const { inputs, targets } = examplesIn(given, 'float32')
      examples = await placed(inputs as Float32Array, targets as Float32Array)
    },
    async evaluate(theta, gradient) {
      checkTheta(shape, theta, gradient)
      return evaluate(theta, gradient)
    },
    ...createGpuTraining(device, layout, shape, settings, () => examples),
    dispose: () => device.dispose(),
  }
}
