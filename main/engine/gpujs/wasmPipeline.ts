import type { GPU, IPipelineHandle } from 'gpu.js'
import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { addColumnSlopes, columnNorms, usesNorms } from '#shared/model/penalties.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'
import { gradientFromSums, type GradientProgram } from '../gradientProgram.ts'
import { wasmKernels, type WasmKernel } from './wasmKernels.ts'
import { createWasmParameters, padMatrix, setWasmParameters, wasmLayout } from './wasmLayout.ts'

type GpuJs = typeof import('gpu.js')

type Kernel = (...inputs: IPipelineHandle[]) => IPipelineHandle

/** What the pipeline gives back, read into arrays; wider than the network by what was padded. */
interface Results {
  rhoHat: Float32Array
  squaredErrors: Float32Array[]
  W1: Float32Array[]
  W2: Float32Array[]
  b1: Float32Array
  b2: Float32Array
}

/** The kernels chained into one gpu.js pipeline for one number of rows; it never takes another. */
export interface WasmPipeline extends GradientProgram {
  /** What really runs once the pipeline has been compiled, and why where it is not what was asked for. */
  runsOn(): { backend: string | null; executor: string; fallbackReason: string | null }
}

export interface WasmPipelineOptions {
  rows: number
  size: NetworkSize
  hyper: Hyperparameters
  /** Whether targets are other values than the inputs. */
  hasTargets: boolean
  /** Whether WebAssembly may compute on several threads. */
  threads: boolean
}

export function createWasmPipeline(
  { Input }: GpuJs,
  gpu: GPU,
  { rows, size, hyper, hasTargets, threads }: WasmPipelineOptions,
): WasmPipeline {
  const { n, h } = size
  const layout = wasmLayout(rows, size)
  const { width, hiddenWidth, paddedRows } = layout
  const at = thetaLayout(size)
  const sources = wasmKernels(layout, hyper)
  const compile = ({ source, output }: WasmKernel) =>
    gpu.createKernel(source, { output, precision: 'single' }) as Kernel
  const kernels = {} as Record<keyof typeof sources, Kernel>
  for (const [name, source] of Object.entries(sources)) {
    kernels[name as keyof typeof sources] = 'source' in source ? compile(source) : inTurn(source.map(compile))
  }

  const inputNames = [
    'inputs',
    ...(hasTargets ? (['targets'] as const) : []),
    ...(['W1Transposed', 'W2Transposed', 'W2', 'b1', 'b2', 'before', 'kept'] as const),
    ...(usesNorms(hyper) ? (['norms'] as const) : []),
  ] as const
  type InputName = (typeof inputNames)[number]

  /** Called once, with handles in place of values: it records which kernel reads what. */
  function chain(...handles: IPipelineHandle[]) {
    const given = Object.fromEntries(inputNames.map((name, k) => [name, handles[k]])) as Record<
      InputName,
      IPipelineHandle
    >
    const { inputs, targets = inputs, before, kept, norms } = given
    const a2 = kernels.hidden(inputs, given.W1Transposed, given.b1)
    const rhoHat = kernels.rhoHat(kernels.hiddenTotals(kernels.hiddenSums(a2)), before, kept)
    const slopes = usesNorms(hyper) ? kernels.slopes(rhoHat, norms) : kernels.slopes(rhoHat)
    const outputs = kernels.output(a2, given.W2Transposed, given.b2)
    const delta3 = kernels.outputDelta(outputs, targets)
    const delta2 = kernels.hiddenDelta(kernels.hiddenBack(delta3, given.W2, slopes), a2)
    return {
      rhoHat,
      squaredErrors: kernels.squaredErrors(outputs, targets),
      W1: kernels.W1Totals(kernels.W1Sums(delta2, inputs)),
      W2: kernels.W2Totals(kernels.W2Sums(delta3, a2)),
      b1: kernels.hiddenTotals(kernels.hiddenSums(delta2)),
      b2: kernels.outputTotals(kernels.outputSums(delta3)),
    }
  }
  // gpu.js counts the parameters of what it is given, and copies in an array for each: targets that are the inputs are none.
  Object.defineProperty(chain, 'length', { value: inputNames.length })
  const pipeline = gpu.createPipeline(chain, { threads })

  // gpu.js takes typed arrays where its types say number[].
  const matrix = (values: Float32Array, height: number, columns: number) =>
    new Input(values as unknown as number[], [columns, height])
  const parameters = createWasmParameters(layout)
  const weights = {
    W1Transposed: matrix(parameters.W1Transposed, n, hiddenWidth),
    W2Transposed: matrix(parameters.W2Transposed, h, width),
    W2: matrix(parameters.W2, n, hiddenWidth),
  }
  const before = new Float32Array(hiddenWidth)
  const kept = new Float32Array(1)
  /** Patches as the kernels read them: as they are, or copied to where rows are wider. */
  function createPatches() {
    const isPadded = width !== n || paddedRows !== rows
    let given: Float32Array = new Float32Array(0)
    const padded = new Float32Array(isPadded ? paddedRows * width : 0)
    let input = matrix(isPadded ? padded : new Float32Array(rows * n), paddedRows, width)
    return {
      set(values: Patches) {
        given = values instanceof Float32Array ? values : Float32Array.from(values)
        if (!isPadded) input = matrix(given, rows, n)
      },
      /** They may have changed since. */
      read() {
        if (isPadded) padMatrix(given, rows, n, padded, width)
        return input
      },
    }
  }
  type CreatedPatches = ReturnType<typeof createPatches>
  let patches: { inputs: CreatedPatches; targets: CreatedPatches | null } | null = {
    inputs: createPatches(),
    targets: hasTargets ? createPatches() : null,
  }
  const norms = new Float32Array(hiddenWidth)

  return {
    runsOn: () => ({
      backend: pipeline.backend,
      executor: pipeline.executorKind,
      fallbackReason: pipeline.fallbackReason,
    }),

    setExamples({ inputs, targets }) {
      patches?.inputs.set(inputs)
      patches?.targets?.set(targets)
    },

    async evaluate(theta, gradient, average) {
      setWasmParameters(parameters, theta, layout)
      kept[0] = average?.kept ?? 0
      // An average that is not kept may not be a number yet, and 0·NaN is NaN.
      if (average && average.kept !== 0) before.set(average.before)
      else before.fill(0)
      const W2 = theta.subarray(at.W2, at.b1)
      if (usesNorms(hyper)) norms.set(columnNorms(W2, size))
      const { b1, b2 } = parameters
      const values = {
        inputs: patches?.inputs.read(),
        targets: patches?.targets?.read(),
        ...weights,
        b1,
        b2,
        before,
        kept,
        norms,
      }
      const call = pipeline(...inputNames.map((name) => values[name]))
      const results = (await call) as unknown as Results
      for (let j = 0; j < h; j++) {
        const sums = results.W1[j].subarray(0, n)
        gradientFromSums(gradient, at.W1 + j * n, sums, rows, hyper.lambda, theta)
      }
      for (let k = 0; k < n; k++) {
        const sums = results.W2[k].subarray(0, h)
        gradientFromSums(gradient, at.W2 + k * h, sums, rows, hyper.lambda, theta)
      }
      gradientFromSums(gradient, at.b1, results.b1.subarray(0, h), rows, 0, theta)
      gradientFromSums(gradient, at.b2, results.b2.subarray(0, n), rows, 0, theta)
      let squaredError = 0
      for (const chunk of results.squaredErrors) for (let k = 0; k < n; k++) squaredError += chunk[k]
      const rhoHat = Float64Array.from(results.rhoHat.subarray(0, h))
      addColumnSlopes(gradient.subarray(at.W2, at.b1), hyper, rhoHat, W2)
      return { squaredError, rhoHat }
    },

    async release() {
      await pipeline.destroy()
      patches = null
    },
  }
}

/** The parts of a product: each adds to what the one before has returned. */
const inTurn =
  (parts: readonly Kernel[]): Kernel =>
  (input, W, before) =>
    parts.reduce((sums, part) => part(input, W, sums), before)
