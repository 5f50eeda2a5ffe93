import { parentPort } from 'node:worker_threads'
import { toErrorReply } from '#shared/domain/labError.ts'
import { cutImage } from '../sample/cutPatches.ts'
import { fileFault } from './fileFault.ts'
import type { Answer, FromImageThread, Question, ToImageThread } from './imageReaders.ts'
import { measureImage } from './openImage.ts'
import { readLazily } from './readImage.ts'

// One of the threads that look at image files and decode them. Whatever a file does to a decoder, its thread bears it.

// Answers come in the order of the questions.
let last = Promise.resolve()
parentPort?.on('message', (asked: ToImageThread) => (last = last.then(() => answerAll(asked))))

async function answerAll(questions: ToImageThread): Promise<void> {
  const answers: Answer[] = []
  const transfer: ArrayBuffer[] = []
  for (const question of questions) {
    const answer = await answerTo(question)
    if (answer.ok && 'values' in answer.value) transfer.push(answer.value.values.buffer as ArrayBuffer)
    answers.push(answer)
  }
  parentPort?.postMessage(answers satisfies FromImageThread, transfer)
}

async function answerTo(question: Question): Promise<Answer> {
  try {
    return { ok: true, value: await carryOut(question) }
  } catch (error) {
    const fault = fileFault(error)
    return { ok: false, error: fault === null ? toErrorReply(error) : { code: 'badInput', message: fault } }
  }
}

async function carryOut(question: Question) {
  switch (question.task) {
    case 'measure':
      return measureImage(question.path)
    case 'read':
      return readLazily(question.path, question.reading)
    case 'cut':
      return cutImage(await readLazily(question.path, question.reading, scratch), question.wanted)
  }
}

/** An image that is done with when it was cut is decoded where the one before was. */
let memory = new ArrayBuffer(0)
const mostKept = 2 ** 26

function scratch(sizeBytes: number): Uint8Array {
  if (sizeBytes > mostKept) return new Uint8Array(sizeBytes)
  if (memory.byteLength < sizeBytes) memory = new ArrayBuffer(sizeBytes)
  return new Uint8Array(memory, 0, sizeBytes)
}
