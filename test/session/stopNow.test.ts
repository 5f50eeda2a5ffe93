import { expect, test } from 'vitest'
import { makeFolder } from '../db/makeLibrary.ts'
import { spawnNode } from '../db/spawnNode.ts'

test('a session on ONNX Runtime that is ended at once, at any moment, takes its process not along', async () => {
  const delays = ['0', '3', '10', '50']
  const { ended } = spawnNode(new URL('./children/stopNow.ts', import.meta.url), [makeFolder(), ...delays])
  const { code, signal, output } = await ended
  expect({ code, signal }, output).toEqual({ code: 0, signal: null })
  expect(output).toMatch(/^(stopped ?){4}$/)
})
