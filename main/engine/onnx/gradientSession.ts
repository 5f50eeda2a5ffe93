import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'
import { gradientFromSums, type GradientProgram } from '../gradientProgram.ts'
import { autoencoderGraph, type AutoencoderGraph } from './autoencoderGraph.ts'
import { tensorOf, valuesOf, type OnnxRuntime } from './tensors.ts'

/** The graph compiled by ONNX Runtime, with the buffers that it reads. */
export async function createGradientSession(
  ort: OnnxRuntime,
  options: AutoencoderGraph,
  sessionOptions: InferenceSession.SessionOptions,
): Promise<GradientProgram> {
  const { size, hyper, blocks, elementType } = options
  const { n, h } = size
  const at = thetaLayout(size)
  const m = blocks.reduce((total, rows) => total + rows, 0)
  const session = await ort.InferenceSession.create(autoencoderGraph(options), sessionOptions)
  // The tensors are views of these buffers: nothing is copied at a run.
  const parameters = valuesOf(elementType, at.length)
  const part = (from: number, to: number, dims: number[]) =>
    tensorOf(ort, parameters.subarray(from, to), dims)
  const feeds: Record<string, Tensor> = {
    W1: part(at.W1, at.W2, [h, n]),
    W2: part(at.W2, at.b1, [n, h]),
    b1: part(at.b1, at.b2, [h]),
    b2: part(at.b2, at.length, [n]),
  }

  return {
    setPatches(patches) {
      let row = 0
      for (const [k, rows] of blocks.entries()) {
        feeds[`patches${k}`] = tensorOf(ort, patches.subarray(row * n, (row + rows) * n), [rows, n])
        row += rows
      }
    },

    async evaluate(theta, gradient) {
      parameters.set(theta)
      const outputs = await session.run(feeds)
      const sums = outputs.sums.data as Patches
      gradientFromSums(gradient, 0, sums.subarray(0, at.b1), m, hyper.lambda, theta)
      gradientFromSums(gradient, at.b1, sums.subarray(at.b1, at.length), m, 0, theta)
      let squaredError = 0
      for (let i = at.length; i < sums.length; i++) squaredError += sums[i]
      return { squaredError, rhoHat: Float64Array.from(outputs.rhoHat.data as Patches) }
    },

    release: () => session.release(),
  }
}
