import { createHash } from 'node:crypto'
import { appendFileSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openBlobs } from '#db/blobs.ts'
import { freeBlobs, removeUnusedBlobs } from '#db/blobRows.ts'
import { makeFolder, makeLibrary, makeRun } from './makeLibrary.ts'
import { spawnNode } from './spawnNode.ts'

const killInMidBlob = new URL('./children/killInMidBlob.ts', import.meta.url)
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const some = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) % 251)
const hourMs = 3_600_000

describe('writing', () => {
  test.each([0, 1, 5000, (1 << 20) + 3])('gives back %i bytes under their hash', async (length) => {
    const blobs = openBlobs(makeFolder())
    const bytes = some(length)
    const stored = await blobs.write(bytes)
    expect(stored).toEqual({ hash: sha256(bytes), sizeBytes: length })
    expect(sha256(blobs.read(stored.hash))).toBe(stored.hash)
    expect(blobs.verify(stored.hash)).toBe(true)
  })

  test('keeps the same bytes once and leaves no other file', async () => {
    const folder = makeFolder()
    const blobs = openBlobs(folder)
    await Promise.all([blobs.write(some(10)), blobs.write(some(10)), blobs.write(some(10))])
    expect(readdirSync(folder)).toEqual([sha256(some(10))])
  })

  test('writes what a view shows, not the buffer behind it', async () => {
    const blobs = openBlobs(makeFolder())
    const { hash } = await blobs.write(some(100).subarray(10, 20))
    expect(blobs.read(hash)).toEqual(some(100).slice(10, 20))
  })
})

test('the beginning can be read alone, in a buffer of its own', async () => {
  const blobs = openBlobs(makeFolder())
  const { hash } = await blobs.write(some(1000))
  const start = blobs.read(hash, 12)
  expect(start).toEqual(some(12))
  expect(start.buffer.byteLength).toBe(12)
})

test('a blob that is missing is told as damage, with the mend', async () => {
  const blobs = openBlobs(makeFolder())
  const { hash } = await blobs.write(some(3))
  blobs.remove(hash)
  expect(blobs.has(hash)).toBe(false)
  expect(() => blobs.read(hash)).toThrow(/damaged.*missing.*backup/)
  expect(() => blobs.remove(hash)).not.toThrow()
})

test('bytes that changed are found', async () => {
  const blobs = openBlobs(makeFolder())
  const { hash } = await blobs.write(some(100))
  truncateSync(blobs.path(hash), 99)
  expect(blobs.verify(hash)).toBe(false)
  appendFileSync(blobs.path(hash), some(100).subarray(99))
  expect(blobs.verify(hash)).toBe(true)
})

test('a writer killed in the middle leaves no half blob', async () => {
  const folder = makeFolder()
  const { ended } = spawnNode(killInMidBlob, [folder, '64'])
  expect(await ended).toMatchObject({ signal: 'SIGKILL', output: '' })
  const blobs = openBlobs(folder)
  expect(blobs.list()).toEqual([])
  expect(readdirSync(folder)).toHaveLength(1)
  expect(blobs.removeLeftovers(Date.now() + hourMs)).toBeGreaterThan(0)
  expect(readdirSync(folder)).toEqual([])
})

test('what a writer still writes is not taken for a leftover', () => {
  const folder = makeFolder()
  writeFileSync(path.join(folder, 'x.part'), 'half')
  openBlobs(folder).removeLeftovers(Date.now() - hourMs)
  expect(readdirSync(folder)).toEqual(['x.part'])
})

describe('blobs and the rows that name them', () => {
  test('a blob in use is never freed', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { snapshots: [0] })
    const hashes = library.blobs.list()
    freeBlobs(library, [...hashes, null])
    expect(library.blobs.list()).toEqual(hashes)
    expect(library.db.prepare('SELECT count(*) FROM snapshots WHERE run_id = ?').pluck().get(id)).toBe(1)
  })

  test('repair removes blobs without rows once they are old, and counts them', async () => {
    const library = makeLibrary()
    await makeRun(library, { snapshots: [0] })
    const used = library.blobs.list()
    const { hash } = await library.blobs.write(some(77))
    // A young one may be on its way to its row.
    expect(removeUnusedBlobs(library, new Date())).toEqual({ blobs: 0, freedBytes: 0 })
    expect(library.blobs.has(hash)).toBe(true)
    const old = new Date(Date.now() - 2 * hourMs)
    for (const name of library.blobs.list()) utimesSync(library.blobs.path(name), old, old)
    const sizeBytes = library.blobs.sizeBytes(hash)
    expect(removeUnusedBlobs(library, new Date())).toEqual({ blobs: 1, freedBytes: sizeBytes })
    expect(library.blobs.list().toSorted()).toEqual(used.toSorted())
  })
})
