import type { Tensor } from 'onnxruntime-node'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Patches } from '../engine.ts'
import { backwardGraph, forwardGraph, sumsLength, type ShareGraphs } from './shareGraphs.ts'
import type { OnnxRuntime } from './runtime.ts'
import { tensorOf, valuesOf } from './tensors.ts'
import { sessionOptions } from './threading.ts'

/** A gradient's work on some of the patches, in the thread that calls it. */
export interface GradientShare {
  /** @param patches rows × n of this share alone; not copied */
  setPatches(patches: Patches): void
  /** @returns sums of the activations over this share's rows, length h; the next call overwrites them */
  forward(theta: Patches): Promise<Patches>
  /**
   * From where `forward` has come to.
   * @param sparsity β·dKL/dρ̂, length h
   * @returns as backwardNodes gives them; the next call overwrites them
   */
  backward(sparsity: ArrayLike<number>): Promise<Patches>
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
  const sparsity = valuesOf(elementType, h)
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
    ...(hyper.beta === 0 ? {} : { sparsity: tensorOf(ort, sparsity, [1, h]) }),
  }
  const backwardOutputs = { sums: tensorOf(ort, sums, [sums.length]) }
  const forwardOutputs = { ...activations, activationSum: tensorOf(ort, activationSum, [1, h]) }

  return {
    setPatches(patches) {
      let row = 0
      for (const [k, rows] of blocks.entries()) {
        const block = tensorOf(ort, patches.subarray(row * n, (row + rows) * n), [rows, n])
        forwardFeeds[`patches${k}`] = block
        backwardFeeds[`patches${k}`] = block
        row += rows
      }
    },

    async forward(theta) {
      parameters.set(theta)
      freeCopies(await forward.run(forwardFeeds, forwardOutputs))
      return activationSum
    },

    async backward(given) {
      sparsity.set(given)
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
