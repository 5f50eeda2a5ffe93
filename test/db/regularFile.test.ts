import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openBlobs } from '#db/blobs.ts'
import { openRegularFile, openRegularFileSync, readRegularFile, readRegularText } from '#db/regularFile.ts'
import { hasPipes, makePipe, makeSocket } from '../otherThanFiles.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-regular-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const readers: [name: string, open: (file: string) => unknown][] = [
  ['openRegularFile', openRegularFile],
  ['openRegularFileSync', async (file) => openRegularFileSync(file)],
  ['readRegularFile', readRegularFile],
  ['readRegularText', async (file) => readRegularText(file)],
]

describe.each(readers)('%s', (name, open) => {
  it('refuses a folder', async () => {
    await expect(open(folder)).rejects.toThrow(`${folder} is not a file but a folder. Give a file.`)
  })

  it.runIf(hasPipes)('refuses a named pipe at once', async () => {
    const pipe = makePipe(folder, `pipe of ${name}`)
    await expect(open(pipe)).rejects.toThrow('is not a file but a named pipe.')
  })

  it.runIf(hasPipes)('refuses a device and a socket', async () => {
    const socket = await makeSocket(folder, name)
    await expect(open('/dev/zero')).rejects.toThrow('/dev/zero is not a file but a device.')
    await expect(open(socket.path)).rejects.toThrow('is not a file but a socket.')
    socket.close()
  })

  it('leaves what opening says of a file that is not there', async () => {
    await expect(open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

it('reads a file whole', async () => {
  const file = path.join(folder, 'text')
  writeFileSync(file, 'φ and ψ')
  expect((await readRegularFile(file)).toString()).toBe('φ and ψ')
  expect(readRegularText(file)).toBe('φ and ψ')
})

it.runIf(hasPipes)('a named pipe in the place of a blob is a damaged library, and is not waited for', () => {
  const blobs = openBlobs(path.join(folder, 'blobs'))
  const hash = 'a'.repeat(64)
  makePipe(path.join(folder, 'blobs'), hash)
  expect(() => blobs.read(hash)).toThrow(/The library is damaged/)
  expect(blobs.verify(hash)).toBe(false)
})
