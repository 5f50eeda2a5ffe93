import { parentPort, workerData } from 'node:worker_threads'
import type { Examples } from '../engine.ts'
import {
  createSharesOf,
  evaluateShares,
  setExamplesOf,
  type SharedGradientOptions,
} from './evaluateShares.ts'
import { end, hasBegun, type Meeting } from './meeting.ts'
import { loadOnnxRuntime } from './runtime.ts'

export interface ShareThreadData {
  options: SharedGradientOptions
  meeting: Meeting
  /** All of them, m × n, in shared memory. */
  examples: Examples
  /** Which of the meeting's threads this is. */
  thread: number
  spinMs: number
}

// A thread that computes its shares of every gradient until its meeting has ended.
const { options, meeting, examples, thread, spinMs } = workerData as ShareThreadData
const patience = { spinMs, wakeMs: Infinity }
try {
  const ort = await loadOnnxRuntime()
  const own = await createSharesOf(ort, options, thread, meeting.threads)
  await setExamplesOf(ort, own, options, examples)
  parentPort?.postMessage('ready')
  for (let evaluation = 1; await hasBegun(meeting, evaluation, patience); evaluation = (evaluation + 1) | 0) {
    if (!(await evaluateShares(own, meeting, options, evaluation, patience))) break
  }
  for (const { share } of own) await share.release()
} catch (error) {
  end(meeting)
  throw error
}
