import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openReader, withReader } from '../../main/cli/reader/openReader.ts'
import { exportedOf, writers } from '../export/exported.ts'
import { temporaryFolder } from './runLab.ts'

let folder: string
beforeAll(async () => void (folder = await temporaryFolder()))
afterAll(() => rm(folder, { recursive: true }))

describe('a reader', () => {
  it('is stopped in the middle of what computes without a pause, as Ctrl-C asks', async () => {
    // Half a second of parsing at least, in one call.
    const file = path.join(folder, 'long.json')
    await writeFile(file, `{"W1": [${'[0.5, 0.25, 0.125, 0.0625],'.repeat(1_500_000)}[0]]}`)
    const interrupt = new AbortController()
    const reader = openReader({
      signal: interrupt.signal,
      onBegun: () => setTimeout(() => interrupt.abort()),
    })
    await expect(reader.run('readWeights', file)).rejects.toMatchObject({
      code: 'stopped',
      message: 'Stopped. The library is as it was.',
    })
  })

  it('answers one question after the other, and says what is wrong with a file', async () => {
    const file = path.join(folder, 'w.npz')
    await writeFile(file, writers['npz'](exportedOf(4, 9)))
    await withReader({ signal: new AbortController().signal }, async (reader) => {
      expect(await reader.run('holdsWeights', file)).toBe(true)
      expect((await reader.run('readWeights', file)).weights).toMatchObject({ visible: 9, hidden: 4 })
      await expect(reader.run('readWeights', folder)).rejects.toMatchObject({
        code: 'badInput',
        message: expect.stringContaining(`${path.basename(folder)} is a folder without cfg.json.`) as string,
      })
    })
  })
})
