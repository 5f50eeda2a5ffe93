import { expect, it } from 'vitest'
import { measureWays } from '#main/engine/choice/measure.ts'

/** Work that says it took these times, in turn; the first is the warm-up. */
const taking = (...times: number[]) => {
  let round = 0
  return { time: async () => times[Math.min(round++, times.length - 1)], dispose: async () => undefined }
}

it('takes the shortest time of each way, and none of the warm-up', async () => {
  const { times } = await measureWays([taking(1, 9, 5, 7), taking(2, 8, 8, 6)])
  expect(times).toEqual([5, 6])
})

it('knows that the fastest way was disturbed when its times differ', async () => {
  expect((await measureWays([taking(9, 5, 5.2, 5.1), taking(9, 7, 20, 30)])).steady).toBe(true)
  expect((await measureWays([taking(9, 5, 9, 10), taking(9, 7, 7, 7)])).steady).toBe(false)
})
