import { expect, test } from 'vitest'
import { describeExit, type ExitSigns } from '#main/app/exitReason.ts'
import type { ExitKind } from '#main/session/sessionExit.ts'

const exit = (signs: Partial<ExitSigns>) =>
  describeExit({ name: 'The session', code: 0, gone: null, lastWords: '', ...signs })

test('a run whose session was killed is resumed; any other work is started again', () => {
  const killed = { code: 9, gone: { reason: 'killed', exitCode: 9 } } as const
  expect(exit(killed).reason).toMatch(/ Resume its run\.$/)
  expect(exit({ ...killed, name: 'The export' }).reason).toMatch(/^The export .* Start it again\.$/)
})

test('exit code 0 is clean', () => {
  expect(exit({})).toEqual({ clean: true, kind: 'ended', reason: '' })
  expect(exit({ gone: { reason: 'clean-exit', exitCode: 0 } }).clean).toBe(true)
})

test.each<[string, Partial<ExitSigns>, RegExp, ExitKind]>([
  [
    'out of memory, as Chromium tells it',
    { code: 9, gone: { reason: 'oom', exitCode: 9 } },
    /ran out of memory/,
    'outOfMemory',
  ],
  [
    'out of memory, as V8 tells it',
    {
      code: 6,
      gone: { reason: 'crashed', exitCode: 6 },
      lastWords: 'FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory\n',
    },
    /ran out of memory/,
    'outOfMemory',
  ],
  [
    'out of memory for one array',
    { code: 1, lastWords: 'RangeError: Array buffer allocation failed\n    at' },
    /ran out of memory/,
    'outOfMemory',
  ],
  [
    'out of memory for the stack of a thread',
    {
      code: 6,
      gone: { reason: 'crashed', exitCode: 6 },
      lastWords: "instance of 'std::system_error'\n  what():  Resource temporarily unavailable\n",
    },
    /ran out of memory/,
    'outOfMemory',
  ],
  ['killed', { code: 9, gone: { reason: 'killed', exitCode: 9 } }, /was killed/, 'killed'],
  ['crashed', { code: 11, gone: { reason: 'crashed', exitCode: 11 } }, /crashed \(exit code 11\)/, 'crashed'],
  [
    'never started',
    { code: 1, gone: { reason: 'launch-failed', exitCode: 1003 } },
    /could not be started/,
    'failed',
  ],
  ['gone with an exit code', { code: 3 }, /exit code 3/, 'crashed'],
  ['killed, politely', { code: 0, gone: { reason: 'killed', exitCode: 15 } }, /was killed/, 'killed'],
])('%s: the user reads how it ended and what to do', (_how, signs, sentence, kind) => {
  const { reason, ...rest } = exit(signs)
  expect(rest).toEqual({ clean: false, kind })
  expect(reason).toMatch(sentence)
  expect(reason).toMatch(/^The session .*\.$/)
})
