import type { InferenceSession } from 'onnxruntime-node'

/** How ONNX Runtime shares a graph's work. */
export interface Threading {
  threads: number
  /**
   * Whether threads wait for the next operator spinning, for a moment. Without, waking them takes about as long as a
   * small operator does.
   */
  spin: boolean
}

/**
 * As long as the optimiser's own arithmetic takes between two gradients. With the default of a millisecond threads
 * starve each other, and the window, as soon as anything else wants a core.
 */
const spinMicroseconds = '400'

export const sessionOptions = ({ threads, spin }: Threading): InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  executionMode: 'sequential',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // One plan of all memory for a run holds twice as much as taking and returning it node by node, and gains nothing.
  enableMemPattern: false,
  extra: {
    session: { intra_op: spin ? { spin_duration_us: spinMicroseconds } : { allow_spinning: '0' } },
  },
})
