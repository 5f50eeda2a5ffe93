import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { PatchMatrix } from '#main/dataset/array/arrayData.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { LabError } from '#shared/domain/labError.ts'

// See the README there: who wrote the files, and what is in them.
export const fixture = (name: string) => path.join(import.meta.dirname, '../fixtures/arrays', name)

export const X = Float32Array.from({ length: 108 }, (_, i) => ((i * 7) % 50) / 50)
export const image = (r: number, c: number, k: number) =>
  Math.fround(((17 * r + 5 * c + 101 * k) % 97) / 10 - 4)
export const sampling = { ...defaultSampling, patches: 200, normalisation: { kind: 'none' } } as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-arrays-'))
})
afterAll(() => rm(folder, { recursive: true }))

export async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, content)
  return file
}
export async function readPatches(file: string, choice = {}): Promise<PatchMatrix> {
  const read = await readArray(file, choice, { channels: 1, seed: 1 })
  expect(read.kind).toBe('patches')
  return read as PatchMatrix
}
export async function reasonOf(file: string, choice = {}): Promise<string> {
  const error: unknown = await readArray(file, choice, { channels: 1, seed: 1 }).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(LabError)
  expect((error as LabError).code).toBe('badInput')
  return (error as LabError).message
}
/** Values of any size are close enough as float32. */
export const expectClose = (actual: Float32Array, expected: Float32Array) => {
  expect(actual).toHaveLength(expected.length)
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 6))
}
