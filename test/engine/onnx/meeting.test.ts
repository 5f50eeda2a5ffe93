import { expect, it } from 'vitest'
import { allArrived, arrive, begin, createMeeting, end, hasBegun } from '#main/engine/onnx/meeting.ts'

const meetingOf = (threads: number) => createMeeting(threads, 2, 'float32', 5, 1)
const atOnce = { spinMs: 0, wakeMs: 1 }

/** Whether a wait is over by now, with its answer. */
async function answerOf(wait: Promise<boolean>): Promise<boolean | 'waiting'> {
  const later = new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 20))
  return Promise.race([wait, later])
}

it('lets nobody go on to the gradient before every thread has its activations', async () => {
  const meeting = meetingOf(2)
  arrive(meeting)
  const both = allArrived(meeting, 1, atOnce)
  expect(await answerOf(both)).toBe('waiting')
  arrive(meeting)
  expect(await answerOf(both)).toBe(true)
})

it('begins one evaluation at a time', async () => {
  const meeting = meetingOf(2)
  begin(meeting)
  expect(await hasBegun(meeting, 1, atOnce)).toBe(true)
  const second = hasBegun(meeting, 2, atOnce)
  expect(await answerOf(second)).toBe('waiting')
  begin(meeting)
  expect(await answerOf(second)).toBe(true)
})

it('waits for nobody once it has ended', async () => {
  const meeting = meetingOf(2)
  const next = hasBegun(meeting, 1, atOnce)
  const others = allArrived(meeting, 1, atOnce)
  end(meeting)
  expect(await answerOf(next)).toBe(false)
  expect(await answerOf(others)).toBe(false)
})

it('goes on counting where 32 bits end, after days of training', async () => {
  const meeting = meetingOf(3)
  const evaluation = 2 ** 31 - 1
  meeting.control[0] = evaluation
  meeting.control[1] = Math.imul(2 * evaluation, 3)
  begin(meeting)
  const next = (evaluation + 1) | 0
  expect(await hasBegun(meeting, next, atOnce)).toBe(true)
  const all = allArrived(meeting, 2 * next - 1, atOnce)
  for (let thread = 0; thread < 3; thread++) {
    expect(await answerOf(all)).toBe('waiting')
    arrive(meeting)
  }
  expect(await answerOf(all)).toBe(true)
})
