import type { GPU, IPipelineHandle } from 'gpu.js'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'
import { gradientFromSums, type GradientProgram } from '../gradientProgram.ts'
import { kernelSources } from './kernelSources.ts'

type GpuJs = typeof import('gpu.js')

type Kernel = (...inputs: IPipelineHandle[]) => IPipelineHandle

/** What the pipeline gives back, read into arrays. */
interface Results {
  rhoHat: Float32Array
  squaredErrors: Float32Array[]
  W1: Float32Array[]
  W2: Float32Array[]
  b1: Float32Array
  b2: Float32Array
}

/** The kernels chained into one gpu.js pipeline for one number of rows; it never takes another. */
export interface GradientPipeline extends GradientProgram {
  /** What really runs once the pipeline has been compiled, and why where it is not what was asked for. */
  runsOn(): { backend: string | null; executor: string; fallbackReason: string | null }
}

export interface PipelineOptions {
  rows: number
  size: NetworkSize
  hyper: Hyperparameters
  /** Whether WebAssembly may compute on several threads. */
  threads: boolean
}

export function createGradientPipeline(
  { Input }: GpuJs,
  gpu: GPU,
  { rows, size: { n, h }, hyper, threads }: PipelineOptions,
): GradientPipeline {
  const sources = kernelSources(rows, n, h, hyper)
  const at = thetaLayout({ n, h })
  const kernels = {} as Record<keyof typeof sources, Kernel>
  for (const [name, { source, output }] of Object.entries(sources)) {
    kernels[name as keyof typeof sources] = gpu.createKernel(source, {
      output,
      precision: 'single',
    }) as Kernel
  }

  // Called once, with handles in place of values: it records which kernel reads what.
  const pipeline = gpu.createPipeline(
    (patches, W1, W2, b1, b2, before, kept) => {
      const a2 = kernels.hidden(patches, W1, b1)
      const rhoHat = kernels.rhoHat(kernels.hiddenTotals(kernels.hiddenSums(a2)), before, kept)
      const outputs = kernels.output(a2, W2, b2)
      const delta3 = kernels.outputDelta(outputs, patches)
      const delta2 = kernels.hiddenDelta(delta3, W2, kernels.sparsity(rhoHat), a2)
      return {
        rhoHat,
        squaredErrors: kernels.squaredErrors(outputs, patches),
        W1: kernels.W1Totals(kernels.W1Sums(delta2, patches)),
        W2: kernels.W2Totals(kernels.W2Sums(delta3, a2)),
        b1: kernels.hiddenTotals(kernels.hiddenSums(delta2)),
        b2: kernels.outputTotals(kernels.outputSums(delta3)),
      }
    },
    { threads },
  )

  // gpu.js takes typed arrays where its types say number[].
  const matrix = (values: Patches, height: number, width: number) =>
    new Input(values as unknown as number[], [width, height])
  const parameters = new Float32Array(at.length)
  const W1 = matrix(parameters.subarray(at.W1, at.W2), h, n)
  const W2 = matrix(parameters.subarray(at.W2, at.b1), n, h)
  const b1 = parameters.subarray(at.b1, at.b2)
  const b2 = parameters.subarray(at.b2, at.length)
  const before = new Float32Array(h)
  const kept = new Float32Array(1)
  let patches = matrix(new Float32Array(rows * n), rows, n)

  return {
    runsOn: () => ({
      backend: pipeline.backend,
      executor: pipeline.executorKind,
      fallbackReason: pipeline.fallbackReason,
    }),

    setPatches(given) {
      patches = matrix(given, rows, n)
    },

    async evaluate(theta, gradient, average) {
      parameters.set(theta)
      kept[0] = average?.kept ?? 0
      // An average that is not kept may not be a number yet, and 0·NaN is NaN.
      if (average && average.kept !== 0) before.set(average.before)
      else before.fill(0)
      const results = (await pipeline(patches, W1, W2, b1, b2, before, kept)) as unknown as Results
      for (let j = 0; j < h; j++)
        gradientFromSums(gradient, at.W1 + j * n, results.W1[j], rows, hyper.lambda, theta)
      for (let k = 0; k < n; k++)
        gradientFromSums(gradient, at.W2 + k * h, results.W2[k], rows, hyper.lambda, theta)
      gradientFromSums(gradient, at.b1, results.b1, rows, 0, theta)
      gradientFromSums(gradient, at.b2, results.b2, rows, 0, theta)
      let squaredError = 0
      for (const chunk of results.squaredErrors) for (const part of chunk) squaredError += part
      return { squaredError, rhoHat: Float64Array.from(results.rhoHat) }
    },

    async release() {
      await pipeline.destroy()
    },
  }
}
