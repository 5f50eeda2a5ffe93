import type { Patches } from '../engine.ts'
import type { ElementType } from './onnxModel.ts'
import { sharedFloat64, sharedValues } from './tensors.ts'

/**
 * Memory that the threads of one gradient share. Every thread computes its shares' activations, waits until all have
 * theirs (ρ̂ is a sum over all rows), then computes its shares' part of the gradient.
 */
export interface Meeting {
  threads: number
  /** `begun`, `arrived` and `ended`, below. */
  control: Int32Array
  /** The parameters to evaluate at. */
  theta: Patches
  /** Of each share: its activations summed, length h. */
  activationSums: Float64Array[]
  /** Of each share: the gradient of m·(J − weight decay) over its rows, length of theta. */
  gradientSums: Patches[]
  /** Of each share. */
  squaredErrors: Float64Array
}

/** Evaluations begun, and arrivals of threads: two for each evaluation. Both run over at 2³¹. */
const begun = 0
const arrived = 1
/** 1 once nobody need wait any longer. */
const ended = 2

/** How a thread waits for the others. */
export interface Patience {
  /** Asks again and again for so long: waking a thread takes about as long as a small network's forward pass. */
  spinMs: number
  /** Then sleeps, but lets messages in this often. */
  wakeMs: number
}

export function createMeeting(
  threads: number,
  shares: number,
  elementType: ElementType,
  length: number,
  h: number,
): Meeting {
  const values = () => sharedValues(elementType, length)
  return {
    threads,
    control: new Int32Array(new SharedArrayBuffer(3 * 4)),
    theta: values(),
    activationSums: Array.from({ length: shares }, () => sharedFloat64(h)),
    gradientSums: Array.from({ length: shares }, values),
    squaredErrors: sharedFloat64(shares),
  }
}

/** Lets all threads evaluate at the meeting's theta. */
export function begin({ control }: Meeting): void {
  Atomics.add(control, begun, 1)
  Atomics.notify(control, begun)
}

/** Sends all threads home: they are done, or one of them could not do its share. */
export function end({ control }: Meeting): void {
  Atomics.store(control, ended, 1)
  Atomics.notify(control, begun)
  Atomics.notify(control, arrived)
}

/** @returns whether evaluation number `evaluation` (from 1) has begun; false when there will be none. */
export async function hasBegun(meeting: Meeting, evaluation: number, patience: Patience): Promise<boolean> {
  return waitFor(meeting, begun, evaluation, patience)
}

export function arrive({ control }: Meeting): void {
  Atomics.add(control, arrived, 1)
  Atomics.notify(control, arrived)
}

/**
 * Waits until every thread has arrived so many times since the start.
 * @returns false when that will not come about
 */
export async function allArrived(meeting: Meeting, times: number, patience: Patience): Promise<boolean> {
  return waitFor(meeting, arrived, Math.imul(times, meeting.threads), patience)
}

async function waitFor(
  { control }: Meeting,
  index: number,
  count: number,
  { spinMs, wakeMs }: Patience,
): Promise<boolean> {
  // A difference of 32 bits stays right when both run over.
  const reached = () => ((Atomics.load(control, index) - count) | 0) >= 0
  const until = performance.now() + spinMs
  do {
    for (let k = 0; k < 50; k++) if (reached()) return true
  } while (performance.now() < until)
  for (;;) {
    const seen = Atomics.load(control, index)
    if (reached()) return true
    if (Atomics.load(control, ended) === 1) return false
    Atomics.wait(control, index, seen, wakeMs)
    if (wakeMs < Infinity) await new Promise((resume) => setImmediate(resume))
  }
}
