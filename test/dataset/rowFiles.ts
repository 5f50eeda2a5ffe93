import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import type { RowImage } from '#main/dataset/sample/cutFromRows.ts'

export const fixtures = path.join(import.meta.dirname, '../fixtures')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rho-lab-rows-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A folder of a test's own. */
export const folderOf = (name: string): Promise<string> => mkdtemp(path.join(folder, `${name}-`))

export async function put(bytes: Uint8Array, name = 'image'): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, bytes)
  return file
}
export async function readAll(image: RowImage | null): Promise<Float32Array> {
  expect(image).not.toBeNull()
  const rows: number[] = []
  for await (const row of image!.readRows()) rows.push(...row)
  expect(rows).toHaveLength(image!.width * image!.height * image!.channels)
  return Float32Array.from(rows)
}

export const bytes = (count: number, seed: number) =>
  Uint8Array.from({ length: count }, (_, i) => (i * i * 31 + i * seed + (i >> 3) * 7) & 0xff)
