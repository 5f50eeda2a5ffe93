import type { Tensor } from 'onnxruntime-node'
import { slopeExpressions } from '#shared/model/penalties.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Examples, Patches } from '../engine.ts'
import { backwardGraph, forwardGraph, sumsLength, type ShareGraphs } from './shareGraphs.ts'
import type { OnnxRuntime } from './runtime.ts'
import { tensorOf, valuesOf } from './tensors.ts'
import { sessionOptions } from './threading.ts'

/** A gradient's work on some of the patches, in the thread that calls it. */
export interface GradientShare {
  /** @param examples rows × n of this share alone; not copied */
  setExamples(examples: Examples): void
  /** @returns sums of the activations over this share's rows, length h; the next call overwrites them */
  forward(theta: Patches): Promise<Patches>
  /**
   * From where `forward` has come to.
   * @param slopes how steeply the cost rises with each unit's average activation, length h
   * @returns as backwardNodes gives them; the next call overwrites them
   */
  backward(slopes: ArrayLike<number>): Promise<Patches>
  release(): Promise<void>
}

export async function createGradientShare(ort: OnnxRuntime, options: ShareGraphs): Promise<GradientShare> {
  const { size, hyper, blocks, elementType } = options
  const { n, h } = size
  const at = thetaLayout(size)
  // The share is one thread's: what it computes stays in that core's cache.
  const alone = sessionOptions({ threads: 1, spin: false })
  const forward = await ort.InferenceSession.create(forwardGraph(options), alone)
  const backward = await ort.InferenceSession.create(backwardGraph(options), alone)
  // The tensors are views of these buffers: nothing is copied at a run.
  const parameters = valuesOf(elementType, at.length)
  const slopes = valuesOf(elementType, h)
  const activationSum = valuesOf(elementType, h)
  const sums = valuesOf(elementType, sumsLength(options))
  const part = (from: number, to: number, dims: number[]) =>
    tensorOf(ort, parameters.subarray(from, to), dims)
  const activations = Object.fromEntries(
    blocks.map((rows, k) => [`activations${k}`, tensorOf(ort, valuesOf(elementType, rows * h), [rows, h])]),
  )
  const forwardFeeds: Record<string, Tensor> = {
    W1: part(at.W1, at.W2, [h, n]),
    b1: part(at.b1, at.b2, [h]),
  }
  const backwardFeeds: Record<string, Tensor> = {
    ...activations,
    W2: part(at.W2, at.b1, [n, h]),
    b2: part(at.b2, at.length, [n]),
    ...(slopeExpressions(hyper).slope === null ? {} : { slopes: tensorOf(ort, slopes, [1, h]) }),
  }
  const backwardOutputs = { sums: tensorOf(ort, sums, [sums.length]) }
  const forwardOutputs = { ...activations, activationSum: tensorOf(ort, activationSum, [1, h]) }

  return {
    setExamples({ inputs, targets }) {
      let row = 0
      for (const [k, rows] of blocks.entries()) {
        const block = (of: Patches) => tensorOf(ort, of.subarray(row * n, (row + rows) * n), [rows, n])
        forwardFeeds[`inputs${k}`] = block(inputs)
        backwardFeeds[`inputs${k}`] = forwardFeeds[`inputs${k}`]
        backwardFeeds[`targets${k}`] = targets === inputs ? forwardFeeds[`inputs${k}`] : block(targets)
        row += rows
      }
    },

    async forward(theta) {
      parameters.set(theta)
      freeCopies(await forward.run(forwardFeeds, forwardOutputs))
      return activationSum
    },

    async backward(given) {
      slopes.set(given)
      freeCopies(await backward.run(backwardFeeds, backwardOutputs))
      return sums
    },

    async release() {
      await forward.release()
      await backward.release()
    },
  }
}

/**
 * ONNX Runtime writes into the tensors that it is given, and then copies them into new ones. Megabytes of these a
 * second keep V8's collector busy on all cores, unless they are freed at once.
 */
function freeCopies(copies: Record<string, Tensor>): void {
  for (const { data } of Object.values(copies)) ((data as Patches).buffer as ArrayBuffer).transfer(0)
}
