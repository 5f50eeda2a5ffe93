import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Transformer } from '@napi-rs/image'
import { describe, expect, test } from 'vitest'
import { readSnapshot, writeSnapshot } from '#db/queries/snapshots.ts'
import { comparePng } from '#main/export/comparePng.ts'
import type { PatchMatrix } from '#main/dataset/array/arrayData.ts'
import { parseNpy } from '#main/dataset/npy.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { listMatVariables } from '#main/export/weights/matVariables.ts'
import { listZip } from '#main/export/zip.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun, makeWhitenedRun } from '../db/makeLibrary.ts'

/** A PNG's size and its bytes, RGBA. */
async function readPng(file: string) {
  const bytes = readFileSync(file)
  expect([...bytes.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  const { width, height } = await new Transformer(bytes).metadata()
  const pixels = await new Transformer(bytes).rawPixels()
  const channels = pixels.length / (width * height)
  const at = (x: number, y: number) => [
    ...pixels.subarray(channels * (y * width + x), channels * (y * width + x) + 3),
  ]
  return { width, height, at }
}

describe('weights as npz', () => {
  test('are the newest, or those asked for, with ρ̂ and the settings', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { snapshots: [0, 10] })
    const folder = makeFolder()
    const newest = await exportRun(library, id, { format: 'npz', file: path.join(folder, 'newest.npz') })
    const early = await exportRun(library, id, {
      format: 'npz',
      iteration: 9,
      file: path.join(folder, 'early.npz'),
    })
    expect(newest).toBe(path.join(folder, 'newest.npz'))
    const read = await readWeights(newest)
    const { weights, rhoHat } = readSnapshot(library, id, 10)!
    expect(read.weights).toEqual(weights)
    expect(read.rhoHat).toEqual(rhoHat)
    expect(read.config).toMatchObject({ hidden: 3, rho: 0.01 })
    expect((await readWeights(early)).weights).toEqual(readSnapshot(library, id, 0)?.weights)
    expect(readdirSync(folder)).toEqual(['early.npz', 'newest.npz'])
  })

  test('over whitened patches hold the matrix and the mean that turn pixels into them', async () => {
    const library = makeLibrary()
    const mean = [0.6, 0.5, 0.4, 0.3]
    const id = await makeWhitenedRun(library, { snapshots: [0] }, mean)
    const folder = makeFolder()
    const npz = await exportRun(library, id, { format: 'npz', file: path.join(folder, 'w.npz') })
    const mat = await exportRun(library, id, { format: 'mat', file: path.join(folder, 'w.mat') })
    const members = await listZip(readFileSync(npz), npz)
    const inNpz = (array: string) => [...parseNpy(members.get(`${array}.npy`)!.read(), npz).values]
    const inMat = async (array: string) => [
      ...((await readArray(mat, { array, columns: true }, { channels: 1, seed: 1 })) as PatchMatrix).values,
    ]
    expect(inNpz('whitening')).toEqual([0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0])
    // Columns as patches: transposed.
    expect(await inMat('whitening')).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0])
    expect(inNpz('mean')).toEqual([...Float32Array.from(mean)])
    expect(listMatVariables(readFileSync(mat), mat).get('mean')?.dims).toEqual([4, 1])
    for (const file of [npz, mat]) {
      expect((await readWeights(file)).weights).toEqual(readSnapshot(library, id, 0)?.weights)
    }
  })

  test('of a run that has none yet are refused', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const file = path.join(makeFolder(), 'w.npz')
    await expect(exportRun(library, id, { format: 'npz', file })).rejects.toThrow(/Run 1 has no weights yet/)
    await expect(exportRun(library, 99, { format: 'npz', file })).rejects.toMatchObject({ code: 'notFound' })
    expect(existsSync(file)).toBe(false)
  })

  test('replace a file, but never a folder or a device, and need a folder that is there', async () => {
    const library = makeLibrary()
    const id = await makeRun(library, { snapshots: [0] })
    const folder = makeFolder()
    const file = path.join(folder, 'w.npz')
    writeFileSync(file, 'old')
    await exportRun(library, id, { format: 'npz', file })
    expect(readFileSync(file).subarray(0, 2).toString()).toBe('PK')
    const write = (to: string) => exportRun(library, id, { format: 'npz', file: to })
    mkdirSync(path.join(folder, 'sub'))
    await expect(write(path.join(folder, 'sub'))).rejects.toThrow(/sub is a folder. Add a file name/)
    await expect(write(path.join(folder, 'no', 'w.npz'))).rejects.toThrow(/folder .*no does not exist/)
    if (existsSync('/dev/null')) await expect(write('/dev/null')).rejects.toThrow(/not an ordinary file/)
    expect(readdirSync(folder)).toEqual(['sub', 'w.npz'])
  })
})

describe('filters as png', () => {
  /** A run of 2 × 2 patches whose three filters are known. */
  async function knownRun(library: ReturnType<typeof makeLibrary>) {
    const id = await makeRun(library)
    const theta = new Float32Array(31)
    theta.set([1, 0, 0, -1, /* dead */ 0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5])
    await writeSnapshot(library, id, 0, theta, new Float32Array(3))
    return id
  }

  test('are a grid at a whole scale on #808080, each at its own scale', async () => {
    const library = makeLibrary()
    const file = await exportRun(library, await knownRun(library), {
      format: 'png',
      file: path.join(makeFolder(), 'f.png'),
    })
    const { width, height, at } = await readPng(file)
    // 2 × 2 cells of 56, gap 4, pad 8
    expect([width, height]).toEqual([132, 132])
    expect(at(0, 0)).toEqual([128, 128, 128])
    expect([at(8, 8), at(35, 35), at(36, 8), at(63, 63)]).toEqual([
      [255, 255, 255],
      [255, 255, 255],
      [128, 128, 128],
      [0, 0, 0],
    ])
    expect(at(70, 10)).toEqual([128, 128, 128])
    expect(at(10, 70)).toEqual([255, 255, 255])
  })

  test('of runs stand side by side in cells of one size, as many in a row', async () => {
    const library = makeLibrary()
    const small = await knownRun(library)
    const datasetId = await makeDataset(library, { n: 9, patchSize: 3 })
    const large = await makeRun(library, { datasetId, config: { hidden: 7 }, snapshots: [0] })
    const file = await comparePng(library, [small, large], path.join(makeFolder(), 'compare.png'))
    const { width, height, at } = await readPng(file)
    // The larger cell: 3 pixels at ×19 = 57; three columns each; 32 between the runs.
    const grid = 2 * 8 + 3 * 57 + 2 * 4
    expect([width, height]).toEqual([2 * grid + 32, grid])
    expect(at(8, 8)).toEqual([255, 255, 255])
    expect(at(grid + 16, 100)).toEqual([128, 128, 128])
  })

  test('that are no square patches are refused, and the npz is named', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library, { n: 5, patchSize: null })
    const id = await makeRun(library, { datasetId, snapshots: [0] })
    const file = path.join(makeFolder(), 'f.png')
    await expect(exportRun(library, id, { format: 'png', file })).rejects.toThrow(/rows of 5 values.*as npz/)
    await expect(comparePng(library, [id], file)).rejects.toThrow(/no square patches/)
  })
})

test('the filters of whitened patches are drawn in pixels where that is asked for, and only there', async () => {
  const library = makeLibrary()
  const id = await makeWhitenedRun(library, { snapshots: [0] })
  const folder = makeFolder()
  const draw = async (space: 'whitened' | 'pixels') =>
    readFileSync(await exportRun(library, id, { format: 'png', space, file: path.join(folder, space) }))
  expect((await draw('pixels')).equals(await draw('whitened'))).toBe(false)
  await expect(
    exportRun(library, id, { format: 'npz', space: 'pixels', file: path.join(folder, 'no.npz') }),
  ).rejects.toThrow(/Only png draws filters/)
  const plain = await makeRun(library, { snapshots: [0] })
  // Those of patches that are not whitened are pixels already.
  const same = async (space: 'whitened' | 'pixels') =>
    readFileSync(await exportRun(library, plain, { format: 'png', space, file: path.join(folder, space) }))
  expect((await same('pixels')).equals(await same('whitened'))).toBe(true)
})
