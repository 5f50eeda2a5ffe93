import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { LabError, type Reply } from '#shared/domain/labError.ts'
import type { Cut, CutImage } from '../sample/cutPatches.ts'
import type { MeasuredImage } from './openImage.ts'
import type { LazyImage } from './pixelImage.ts'
import type { Reading } from './readImage.ts'

/** What threads are asked of a file, with their answers. */
export interface ImageTasks {
  /** Looks at its start. */
  measure: { asked: object; value: MeasuredImage }
  /** Decodes it. */
  read: { asked: { reading: Reading }; value: LazyImage }
  /** Decodes it and takes patches and thumbnail from it. */
  cut: { asked: { reading: Reading; wanted: Cut }; value: CutImage }
}
export type ImageTask = keyof ImageTasks
export type Question = { [T in ImageTask]: { task: T; path: string } & ImageTasks[T]['asked'] }[ImageTask]
/** `badInput` is the file's own fault. */
export type Answer<T extends ImageTask = ImageTask> = Reply<ImageTasks[T]['value']>

/** Some questions, answered together in their order. */
export type ToImageThread = readonly Question[]
export type FromImageThread = readonly Answer[]

export interface ImageReaders {
  readonly threads: number
  /** @throws LabError badInput where that is the file's own fault; what else goes wrong */
  measure(path: string): Promise<MeasuredImage>
  /** @param pixels how many it has; @throws as `measure` */
  read(path: string, pixels: number, reading: Reading): Promise<LazyImage>
  /** @param pixels how many it has; @throws as `measure` */
  cut(path: string, pixels: number, reading: Reading, wanted: Cut): Promise<CutImage>
  /** Ends all threads, whatever they are in the middle of; what is asked for is then never answered. */
  close(): void
}

interface Job {
  question: Question
  /** What it takes, in pixels decoded. */
  work: number
  answer(reply: Answer): void
  fail(error: Error): void
}

interface Thread {
  worker: Worker
  /** What it was given, in order: the first is what it is at. */
  given: Job[][]
}

const mostThreads = 16
/** So many times a thread is given something, so that it need not wait for the next. */
const givenAtOnce = 2
/** Jobs go together up to so much work, since messages take their time too; but no more than so many. */
const workTogether = 2_000_000
const mostTogether = 64
/** Opening a file takes as long as decoding so many pixels. */
const openingWork = 30_000

/**
 * Threads that look at image files and decode them, one for each core. A thread that ends over a file is replaced, and
 * the file is at fault.
 * @param files how many there are: no more threads than that are started
 */
export function openImageReaders(files: number, most = availableParallelism()): ImageReaders {
  const count = Math.max(1, Math.min(most, mostThreads, files))
  const threads: Thread[] = []
  const waiting: Job[] = []
  let isClosed = false
  let isHandingOut = false

  function start(): Thread {
    const thread: Thread = { worker: new Worker(new URL('./imageThread.ts', import.meta.url)), given: [] }
    let reason: Error | null = null
    thread.worker
      .on('message', (replies: FromImageThread) => {
        const jobs = thread.given.shift() ?? []
        handOut()
        for (const [index, { answer }] of jobs.entries()) answer(replies[index])
      })
      .on('error', (error: Error) => (reason = error))
      .on('exit', () => {
        if (isClosed) return
        threads.splice(threads.indexOf(thread), 1)
        const [failed = [], ...rest] = thread.given
        waiting.unshift(...rest.flat())
        blame(failed, crashOf(reason))
        handOut()
      })
    threads.push(thread)
    return thread
  }

  /** Of several, each is tried by itself: one of them is at fault. */
  function blame(jobs: readonly Job[], error: LabError): void {
    if (jobs.length === 1) jobs[0].fail(error)
    else waiting.unshift(...jobs.map((job) => ({ ...job, work: workTogether })))
  }

  /** Gives what waits to whoever has least to do. */
  function handOut(): void {
    while (waiting.length > 0) {
      const next =
        threads.find(({ given }) => given.length === 0) ??
        (threads.length < count ? start() : threads.find(({ given }) => given.length < givenAtOnce))
      if (next === undefined) return
      const jobs: Job[] = []
      for (let work = 0; waiting.length > 0 && jobs.length < mostTogether;) {
        work += waiting[0].work
        if (jobs.length > 0 && work > workTogether) break
        jobs.push(waiting.shift()!)
      }
      next.given.push(jobs)
      next.worker.postMessage(jobs.map(({ question }) => question) satisfies ToImageThread)
    }
  }

  function ask<T extends ImageTask>(
    question: Question & { task: T },
    pixels: number,
  ): Promise<ImageTasks[T]['value']> {
    return new Promise((resolve, fail) => {
      const answer = (reply: Answer) => {
        if (reply.ok) resolve(reply.value)
        else fail(new LabError(reply.error.code, reply.error.message))
      }
      waiting.push({ question, work: openingWork + pixels, answer, fail })
      if (isHandingOut) return
      isHandingOut = true
      // What is asked in one go goes together.
      queueMicrotask(() => {
        isHandingOut = false
        handOut()
      })
    })
  }

  return {
    threads: count,
    measure: (path) => ask({ task: 'measure', path }, 0),
    read: (path, pixels, reading) => ask({ task: 'read', path, reading }, pixels),
    cut: (path, pixels, reading, wanted) => ask({ task: 'cut', path, reading, wanted }, pixels),
    close() {
      isClosed = true
      for (const { worker } of threads) void worker.terminate()
    },
  }
}

function crashOf(reason: (Error & { code?: string }) | null): LabError {
  const message =
    reason?.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? 'The image needs too much memory. Scale it down or save it with 8 bits per channel.'
      : 'The decoder of this kind of image breaks off at this file. Save it anew as PNG.'
  return new LabError('badInput', message, { cause: reason })
}
