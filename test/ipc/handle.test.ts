import { expect, test } from 'vitest'
import { z } from 'zod'
import { createHandle, type CallReceiver, type Handle } from '#main/ipc/handle.ts'
import { LabError, type Reply } from '#shared/domain/labError.ts'

type Listener = Parameters<CallReceiver<string>['handle']>[1]

/** Calls arrive from 'ours' or from 'theirs'. */
function receiver() {
  const listeners = new Map<string, Listener>()
  const logged: string[] = []
  const told: string[] = []
  const handle: Handle = createHandle<string>({
    receiver: { handle: (channel, listener) => void listeners.set(channel, listener) },
    isTrusted: (event) => event === 'ours',
    log: {
      warn: (message) => logged.push(message),
      error: (message, error) => logged.push(`${message}: ${error}`),
    },
    onError: ({ code }) => told.push(code),
  })
  const call = async (event: string, channel: string, ...args: unknown[]): Promise<Reply<unknown>> => {
    const listener = listeners.get(channel)
    if (!listener) throw new Error(`nobody answers ${channel}`)
    return listener(event, ...args)
  }
  return { handle, call, logged, told }
}

const removal = z.tuple([z.number().int().min(1)])

test('a call from our window is answered', async () => {
  const { handle, call } = receiver()
  const removed: number[] = []
  handle('datasets.remove', removal, (id) => {
    removed.push(id)
    return null
  })
  expect(await call('ours', 'datasets.remove', 3)).toEqual({ ok: true, value: null })
  expect(removed).toEqual([3])
})

test('a call from anybody else is refused before anything is done, and logged', async () => {
  const { handle, call, logged } = receiver()
  handle('datasets.remove', removal, () => {
    throw new Error('must not be reached')
  })
  expect(await call('theirs', 'datasets.remove', 3)).toMatchObject({ ok: false, error: { code: 'badUsage' } })
  expect(logged).toEqual(['refused datasets.remove from a stranger'])
})

test.each([[[]], [[0]], [['3']], [[3, 4]], [[Number.NaN]], [[{ valueOf: 3 }]], [[null]]])(
  'the arguments %j are refused before anything is done',
  async (args) => {
    const { handle, call } = receiver()
    handle('datasets.remove', removal, () => {
      throw new Error('must not be reached')
    })
    const reply = await call('ours', 'datasets.remove', ...args)
    expect(reply).toMatchObject({ ok: false, error: { code: 'badInput' } })
  },
)

test('a field’s own message reaches the user as it is', async () => {
  const { handle, call } = receiver()
  handle('datasets.remove', z.tuple([z.number().min(1, 'The dataset’s number starts at 1.')]), () => null)
  expect(await call('ours', 'datasets.remove', 0)).toMatchObject({
    error: { message: 'The dataset’s number starts at 1.' },
  })
})

test('an error that the user can mend keeps its code and is not logged', async () => {
  const { handle, call, logged, told } = receiver()
  handle('datasets.remove', removal, () => {
    throw new LabError('conflict', '2 runs use it. Remove them first.')
  })
  expect(await call('ours', 'datasets.remove', 3)).toEqual({
    ok: false,
    error: { code: 'conflict', message: '2 runs use it. Remove them first.' },
  })
  expect(logged).toEqual([])
  expect(told).toEqual(['conflict'])
})

test.each([
  [
    'thrown',
    () => {
      throw new TypeError('x is undefined')
    },
  ],
  ['rejected', () => Promise.reject(new TypeError('x is undefined'))],
])('an error of ours, %s, is a reply too, and is logged', async (_how, fail) => {
  const { handle, call, logged } = receiver()
  handle('datasets.remove', removal, fail)
  expect(await call('ours', 'datasets.remove', 3)).toEqual({
    ok: false,
    error: { code: 'internal', message: 'x is undefined' },
  })
  expect(logged).toEqual(['datasets.remove failed: TypeError: x is undefined'])
})
