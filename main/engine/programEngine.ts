import { createBatchPrograms } from './batchPrograms.ts'
import type { Engine, EngineSettings, EngineShape, Examples, Patches } from './engine.ts'
import type { GradientProgram } from './gradientProgram.ts'
import { createMiniBatch } from './miniBatch.ts'
import { checkExamples, checkTheta } from './shapeCheck.ts'

export interface ProgramEngine {
  shape: EngineShape
  settings: EngineSettings
  /** Called once the program for all patches is compiled. */
  describe: Engine['describe']
  /** @param movingAverage  whether evaluations will come with the ρ̂ of earlier batches */
  compile(rows: number, movingAverage: boolean): Promise<GradientProgram>
}

/** An engine made of compiled programs: one for all patches, and one for each length of a batch. */
export async function createProgramEngine({
  shape,
  settings,
  describe,
  compile,
}: ProgramEngine): Promise<Engine> {
  const whole = await compile(shape.m, false)
  const batches = createBatchPrograms(shape.n, (rows) => compile(rows, true))

  return {
    describe,
    async setExamples(given) {
      checkExamples(shape, given)
      const examples = examplesIn(given, describe().precision)
      whole.setExamples(examples)
      batches.setExamples(examples)
    },
    async evaluate(theta, gradient) {
      checkTheta(shape, theta, gradient)
      return whole.evaluate(theta, gradient)
    },
    ...createMiniBatch(shape, settings, batches.evaluate),
    async dispose() {
      await whole.release()
      await batches.release()
    },
  }
}

/** Both in this precision, and still one array where they were one. */
export function examplesIn({ inputs, targets }: Examples, precision: 'float32' | 'float64'): Examples {
  const given = inPrecision(inputs, precision)
  return { inputs: given, targets: targets === inputs ? given : inPrecision(targets, precision) }
}

/** The patches as the program reads them; copied only where the precision differs. */
function inPrecision(patches: Patches, precision: 'float32' | 'float64'): Patches {
  if (precision === 'float32') return patches instanceof Float32Array ? patches : Float32Array.from(patches)
  return patches instanceof Float64Array ? patches : Float64Array.from(patches)
}
