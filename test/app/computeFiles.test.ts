import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createComputeFiles } from '#main/app/computeFiles.ts'

let folder: string
let blob: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-patches-'))
  blob = join(folder, 'blob')
  writeFileSync(blob, new Uint8Array(Float32Array.of(0.25, 0.5, 0.75).buffer))
})
afterAll(() => rmSync(folder, { recursive: true }))

test('an offered file is given once, whole, to who knows its address', async () => {
  const files = createComputeFiles()
  const url = files.offer(blob)
  const response = await files.answer({ method: 'GET', url })
  expect(response?.status).toBe(200)
  expect(response?.headers.get('Content-Length')).toBe('12')
  expect([...new Float32Array(await response!.arrayBuffer())]).toEqual([0.25, 0.5, 0.75])
  expect((await files.answer({ method: 'GET', url }))?.status).toBe(404)
})

test('each offer has an address of its own', () => {
  const files = createComputeFiles()
  expect(files.offer(blob)).not.toBe(files.offer(blob))
})

test('nothing else is given: no other address, method or file', async () => {
  const files = createComputeFiles()
  const url = files.offer(blob)
  const missing = files.offer(join(folder, 'missing'))
  for (const request of [
    { method: 'GET', url: `${url}x` },
    { method: 'GET', url: `${url}/../${blob}` },
    { method: 'GET', url: 'rho-lab://app/patches/' },
    { method: 'GET', url: `rho-lab://app/patches/${blob}` },
    { method: 'POST', url },
    { method: 'GET', url: missing },
  ]) {
    expect((await files.answer(request))?.status, request.url).toBe(404)
  }
  // What is not under patches/ is for others to answer.
  expect(files.answer({ method: 'GET', url: 'rho-lab://app/index.html' })).toBeNull()
  expect(files.answer({ method: 'GET', url: `file://${blob}` })).toBeNull()
})
