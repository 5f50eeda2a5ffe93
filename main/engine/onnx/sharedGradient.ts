import { addColumnSlopes } from '#shared/model/penalties.ts'
import { thetaLayout } from '#shared/model/theta.ts'
import type { Evaluation, Examples, Patches } from '../engine.ts'
import { gradientFromSums } from '../gradientProgram.ts'
import {
  createSharesOf,
  evaluateShares,
  meanActivations,
  setExamplesOf,
  type SharedGradientOptions,
} from './evaluateShares.ts'
import { startHelpers, type Helpers } from './helpers.ts'
import { allArrived, begin, createMeeting, type Meeting } from './meeting.ts'
import type { OnnxRuntime } from './runtime.ts'
import { sharedValues } from './tensors.ts'
import type { Threading } from './threading.ts'

/** As long as the optimiser's own arithmetic takes between two gradients. */
const spinMs = 0.4
/** A thread that has died says so by a message. */
const wakeMs = 10

/** Cost and gradient over all patches, by several threads. */
export interface SharedGradient {
  /** Reads these from now on; copied into shared memory, unless they are there or one thread does all. */
  setExamples(examples: Examples): Promise<void>
  evaluate(theta: Float64Array, gradient: Float64Array): Promise<Evaluation>
  release(): Promise<void>
}

/**
 * This thread is one of them. Each takes its own rows from patches to gradient, so that none reads what another has
 * just written; they meet twice a gradient and exchange sums. Sharing every operator instead, as ONNX Runtime's own
 * threads do, moves all activations from one core's cache to another's.
 */
export async function createSharedGradient(
  ort: OnnxRuntime,
  options: SharedGradientOptions,
  threading: Threading,
): Promise<SharedGradient> {
  const { size, hyper, shares, elementType } = options
  const at = thetaLayout(size)
  const m = shares.reduce((sum, rows) => sum + rows, 0)
  const threads = Math.min(threading.threads, shares.length)
  const patience = { spinMs: threading.spin ? spinMs : 0, wakeMs }
  const total = new Float64Array(at.length)
  const own = await createSharesOf(ort, options, 0, threads)
  let helpers: Helpers | null = null
  let meeting: Meeting
  let evaluation = 0

  return {
    async setExamples(given) {
      await helpers?.leave()
      meeting = createMeeting(threads, shares.length, elementType, at.length, size.h)
      evaluation = 0
      const examples = threads === 1 ? given : inSharedMemory(given)
      helpers = await startHelpers({ options, meeting, examples, spinMs: patience.spinMs })
      await setExamplesOf(ort, own, options, examples)
    },

    async evaluate(theta, gradient) {
      if (helpers === null) throw new Error('There are no patches yet.')
      evaluation = (evaluation + 1) | 0
      copyTo(meeting.theta, theta)
      begin(meeting)
      const done =
        (await evaluateShares(own, meeting, options, evaluation, patience)) &&
        (await allArrived(meeting, 2 * evaluation, patience))
      if (!done) throw await helpers.failure()
      total.set(meeting.gradientSums[0])
      for (const sums of meeting.gradientSums.slice(1)) addTo(total, sums)
      gradientFromSums(gradient, 0, total.subarray(0, at.b1), m, hyper.lambda, theta)
      gradientFromSums(gradient, at.b1, total.subarray(at.b1), m, 0, theta)
      const rhoHat = meanActivations(meeting, m, size.h)
      addColumnSlopes(gradient.subarray(at.W2, at.b1), hyper, rhoHat, theta.subarray(at.W2, at.b1))
      return {
        squaredError: meeting.squaredErrors.reduce((sum, ofShare) => sum + ofShare, 0),
        rhoHat,
      }
    },

    async release() {
      await helpers?.leave()
      for (const { share } of own) await share.release()
    },
  }
}

function inSharedMemory({ inputs, targets }: Examples): Examples {
  const shared = sharedPatches(inputs)
  return { inputs: shared, targets: targets === inputs ? shared : sharedPatches(targets) }
}

function sharedPatches(patches: Patches): Patches {
  if (patches.buffer instanceof SharedArrayBuffer) return patches
  const shared = sharedValues(patches instanceof Float32Array ? 'float32' : 'float64', patches.length)
  shared.set(patches)
  return shared
}

/** Half the time of `set`, between precisions and into shared memory. */
function copyTo(target: Patches, values: Float64Array): void {
  for (let i = 0; i < values.length; i++) target[i] = values[i]
}

function addTo(total: Float64Array, values: Patches): void {
  for (let i = 0; i < total.length; i++) total[i] += values[i]
}
