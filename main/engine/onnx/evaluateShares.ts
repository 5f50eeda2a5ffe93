import type { Hyperparameters } from '#shared/domain/runConfig.ts'
import { unitSlopes } from '#shared/model/penalties.ts'
import { thetaLayout, type NetworkSize } from '#shared/model/theta.ts'
import type { Examples, Patches } from '../engine.ts'
import { rowBlocks } from './blocks.ts'
import { createGradientShare, type GradientShare } from './gradientShare.ts'
import { allArrived, arrive, type Meeting, type Patience } from './meeting.ts'
import { bytesOf, type ElementType } from './onnxModel.ts'
import type { OnnxRuntime } from './runtime.ts'
import { readable } from './tensors.ts'

export interface SharedGradientOptions {
  size: NetworkSize
  hyper: Hyperparameters
  elementType: ElementType
  /** Rows of each share. */
  shares: readonly number[]
}

/** A share, and which one of all. */
export interface NumberedShare {
  index: number
  share: GradientShare
}

/** The shares of one of the threads: every `threads`-th. */
export function createSharesOf(
  ort: OnnxRuntime,
  { size, hyper, elementType, shares }: SharedGradientOptions,
  thread: number,
  threads: number,
): Promise<NumberedShare[]> {
  const own = shares.flatMap((rows, index) => (index % threads === thread ? [{ rows, index }] : []))
  return Promise.all(
    own.map(async ({ rows, index }) => {
      const blocks = rowBlocks(rows, size.n, size.h, bytesOf[elementType])
      return { index, share: await createGradientShare(ort, { size, hyper, blocks, elementType }) }
    }),
  )
}

/** Hands each share its rows of all examples, m × n. */
export async function setExamplesOf(
  ort: OnnxRuntime,
  own: readonly NumberedShare[],
  { shares, size }: SharedGradientOptions,
  { inputs, targets }: Examples,
): Promise<void> {
  for (const { index, share } of own) {
    const first = shares.slice(0, index).reduce((sum, rows) => sum + rows, 0)
    const rowsOf = (patches: Patches) =>
      readable(ort, patches.subarray(first * size.n, (first + shares[index]) * size.n))
    const own = await rowsOf(inputs)
    share.setExamples({ inputs: own, targets: targets === inputs ? own : await rowsOf(targets) })
  }
}

/**
 * One thread's part of evaluation number `evaluation` (from 1); its sums are in the meeting when it has arrived there
 * for the second time.
 * @returns false when the others will not come
 */
export async function evaluateShares(
  own: readonly NumberedShare[],
  meeting: Meeting,
  { hyper, size, shares }: SharedGradientOptions,
  evaluation: number,
  patience: Patience,
): Promise<boolean> {
  for (const { index, share } of own) meeting.activationSums[index].set(await share.forward(meeting.theta))
  arrive(meeting)
  if (!(await allArrived(meeting, 2 * evaluation - 1, patience))) return false
  const m = shares.reduce((sum, rows) => sum + rows, 0)
  const rhoHat = meanActivations(meeting, m, size.h)
  const at = thetaLayout(size)
  const slopes = unitSlopes(hyper, rhoHat, meeting.theta.subarray(at.W2, at.b1))
  for (const { index, share } of own) {
    const sums = await share.backward(slopes)
    const { length } = meeting.theta
    meeting.gradientSums[index].set(sums.subarray(0, length))
    let squaredError = 0
    for (let i = length; i < sums.length; i++) squaredError += sums[i]
    meeting.squaredErrors[index] = squaredError
  }
  arrive(meeting)
  return true
}

/** ρ̂ over all rows. */
export function meanActivations({ activationSums }: Meeting, m: number, h: number): Float64Array {
  const mean = new Float64Array(h)
  for (const sums of activationSums) for (let j = 0; j < h; j++) mean[j] += sums[j]
  for (let j = 0; j < h; j++) mean[j] /= m
  return mean
}
