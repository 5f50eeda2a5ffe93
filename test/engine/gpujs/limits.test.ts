import { describe, expect, it } from 'vitest'
import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { settings } from '../problem.ts'
import { takeSoftwareVulkan } from './softwareVulkan.ts'

takeSoftwareVulkan()
const { available, reason } = await gpuEngine.probe()

describe.skipIf(!available)(available ? 'a GPU' : `a GPU: ${reason}`, () => {
  it.each([
    { what: 'more patches than it can hold', m: 500_000, n: 12_288, h: 2, message: /takes \d+ MB/ },
    { what: 'more patches than it can count', m: 60_000_000, n: 1, h: 1, message: /takes \d+ patches/ },
  ])('refuses $what before any is sent, and says what it takes', async ({ m, n, h, message }) => {
    const given = { ...settings, hyper: { ...settings.hyper, hidden: h } }
    await expect(gpuEngine.create({ m, n, h, batch: 10 }, given)).rejects.toMatchObject({
      code: 'engineUnavailable',
      message: expect.stringMatching(message) as string,
    })
  })
})
