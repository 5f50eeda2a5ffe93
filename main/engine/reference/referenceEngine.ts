import { cpuDevice } from '../cpuDevice.ts'
import type { EngineFactory, Patches } from '../engine.ts'
import { createMiniBatch } from '../miniBatch.ts'
import { checkPatches, checkTheta } from '../shapeCheck.ts'
import { costAndGradient } from './costAndGradient.ts'

/** The engine to check the others by: plain TypeScript in float64, slow and readable. */
export const referenceEngine: EngineFactory = {
  name: 'reference',

  probe: async () => ({
    available: true,
    device: cpuDevice(1),
    reason: 'Plain float64 code, slow; the others are checked against it.',
  }),

  async create(shape, settings) {
    const { hyper } = settings
    let patches: Patches = new Float64Array(0)
    return {
      describe: () => ({
        engine: 'reference',
        backend: 'TypeScript',
        device: cpuDevice(1),
        precision: 'float64',
        versions: {},
      }),
      async setPatches(given) {
        checkPatches(shape, given)
        patches = given
      },
      async evaluate(theta, gradient) {
        checkTheta(shape, theta, gradient)
        return costAndGradient(theta, shape, hyper, patches, gradient)
      },
      ...createMiniBatch(shape, settings, async (theta, gradient, rows, average) =>
        costAndGradient(theta, shape, hyper, patches, gradient, rows, average),
      ),
      async dispose() {
        patches = new Float64Array(0)
      },
    }
  },
}
