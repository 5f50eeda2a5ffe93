import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'
import { gradientFromSums, type GradientProgram } from '../gradientProgram.ts'
import { autoencoderGraph, type AutoencoderGraph } from './autoencoderGraph.ts'

type OnnxRuntime = typeof import('onnxruntime-node')

/** The graph compiled by ONNX Runtime, with the buffers that it reads. */
export async function createGradientSession(
  ort: OnnxRuntime,
  options: AutoencoderGraph,
  threads: number,
): Promise<GradientProgram> {
  const { size, hyper, blocks, elementType } = options
  const { n, h } = size
  const at = thetaLayout(size)
  const m = blocks.reduce((total, rows) => total + rows, 0)
  const values = (length: number): Patches =>
    elementType === 'float32' ? new Float32Array(length) : new Float64Array(length)
  const tensor = (values: Patches, dims: number[]): Tensor =>
    values instanceof Float32Array
      ? new ort.Tensor('float32', values, dims)
      : new ort.Tensor('float64', values, dims)

  const session = await ort.InferenceSession.create(autoencoderGraph(options), sessionOptions(threads))
  // The tensors are views of these buffers: nothing is copied at a run.
  const parameters = values(at.length)
  const before = values(h)
  const kept = values(1)
  const feeds: Record<string, Tensor> = {
    W1: tensor(parameters.subarray(at.W1, at.W2), [h, n]),
    W2: tensor(parameters.subarray(at.W2, at.b1), [n, h]),
    b1: tensor(parameters.subarray(at.b1, at.b2), [h]),
    b2: tensor(parameters.subarray(at.b2, at.length), [n]),
  }
  if (options.movingAverage) {
    feeds.before = tensor(before, [1, h])
    feeds.kept = tensor(kept, [1])
  }

  return {
    setPatches(patches) {
      let row = 0
      for (const [k, rows] of blocks.entries()) {
        feeds[`patches${k}`] = tensor(patches.subarray(row * n, (row + rows) * n), [rows, n])
        row += rows
      }
    },

    async evaluate(theta, gradient, average) {
      parameters.set(theta)
      if (average) {
        // An average that is not kept may not be a number yet, and 0·NaN is NaN.
        if (average.kept === 0) before.fill(0)
        else before.set(average.before)
        kept[0] = average.kept
      }
      const outputs = await session.run(feeds)
      const output = (name: string) => outputs[name].data as Patches
      gradientFromSums(gradient, at.W1, output('gradientW1'), m, hyper.lambda, theta)
      gradientFromSums(gradient, at.W2, output('gradientW2'), m, hyper.lambda, theta)
      gradientFromSums(gradient, at.b1, output('gradientB1'), m, 0, theta)
      gradientFromSums(gradient, at.b2, output('gradientB2'), m, 0, theta)
      let squaredError = 0
      for (let k = 0; k < blocks.length; k++) {
        const parts = output(`squaredErrors${k}`)
        for (let i = 0; i < parts.length; i++) squaredError += parts[i]
      }
      return { squaredError, rhoHat: Float64Array.from(output('rhoHat')) }
    },

    release: () => session.release(),
  }
}

function sessionOptions(threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads wait for the next operator spinning, but not for long. Without spinning, waking them takes as long as
    // an operator does; with the default of a millisecond they starve each other, and the window, as soon as
    // anything else wants a core: two to three times slower than one thread.
    extra: { session: { intra_op: { spin_duration_us: '50' } } },
  }
}
