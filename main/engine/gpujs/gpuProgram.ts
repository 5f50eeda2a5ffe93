import { thetaLayout } from '#shared/model/theta.ts'
import type { Engine, EngineSettings, EngineShape } from '../engine.ts'
import { gradientFromSums } from '../gradientProgram.ts'
import { checkPatches, checkTheta } from '../shapeCheck.ts'
import type { GpuDevice } from './gpuDevice.ts'
import { compileGradient } from './gpuGradient.ts'
import { forEachRow, gpuLayout, pack } from './gpuLayout.ts'
import { createGpuTraining } from './gpuTraining.ts'

/**
 * The engine on a graphics device: everything but the optimiser L-BFGS and the final sum of the cost.
 *
 * Over the bus go, for `setPatches`, 4·m·n bytes, once; for `evaluate` theta, 4 bytes for each parameter, and some
 * 1 kB of kernel settings; back come the gradient, as much as theta, n sums of squared errors and ρ̂. Activations and
 * deltas, 4·m·(2h + 2n) bytes, never leave the device. For Adam and SGD see createGpuTraining.
 */
export async function createGpuProgram(
  device: GpuDevice,
  shape: EngineShape,
  settings: EngineSettings,
): Promise<Engine> {
  const { m, n } = shape
  const { hyper } = settings
  const layout = gpuLayout(shape, device.perThread)
  const { length } = thetaLayout(shape)
  const whole = compileGradient(device, layout, m, hyper)
  const patchesStore = device.store(n, m)
  const thetaStore = device.store(layout.length)
  const packed = new Float32Array(layout.length)

  async function evaluate(theta: Float64Array, gradient: Float64Array) {
    const onDevice = await thetaStore(pack(layout, theta, packed))
    const { rhoHat, squares, products } = await whole.pass(patches, onDevice, (sums) => whole.mean(sums))
    const read = await device.read([await whole.gradientSums(...products), squares, rhoHat])
    const [sums, squaredErrors, mean] = read
    forEachRow(layout, (to, from, count, isBias) => {
      gradientFromSums(gradient, to, sums.subarray(from, from + count), m, isBias ? 0 : hyper.lambda, theta)
    })
    let squaredError = 0
    for (const part of squaredErrors) squaredError += part
    return { squaredError, rhoHat: Float64Array.from(mean) }
  }

  let patches = await device.checked(() => patchesStore())
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
    async setPatches(given) {
      checkPatches(shape, given)
      patches = await patchesStore(given instanceof Float32Array ? given : Float32Array.from(given))
    },
    async evaluate(theta, gradient) {
      checkTheta(shape, theta, gradient)
      return evaluate(theta, gradient)
    },
    ...createGpuTraining(device, layout, shape, settings, () => patches),
    dispose: () => device.dispose(),
  }
}
