import { cpuDevice } from '../cpuDevice.ts'
import { reproducing, type EngineFactory } from '../engine.ts'
import { createMiniBatch } from '../miniBatch.ts'
import { checkExamples, checkTheta } from '../shapeCheck.ts'
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
    let examples = reproducing(new Float64Array(0))
    return {
      describe: () => ({
        engine: 'reference',
        backend: 'TypeScript',
        device: cpuDevice(1),
        precision: 'float64',
        versions: {},
      }),
      async setExamples(given) {
        checkExamples(shape, given)
        examples = given
      },
      async evaluate(theta, gradient) {
        checkTheta(shape, theta, gradient)
        return costAndGradient(theta, shape, hyper, examples, gradient)
      },
      ...createMiniBatch(shape, settings, async (theta, gradient, rows, average) =>
        costAndGradient(theta, shape, hyper, examples, gradient, rows, average),
      ),
      async dispose() {
        examples = reproducing(new Float64Array(0))
      },
    }
  },
}
