import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { Transformer } from '@napi-rs/image'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSeries } from '#db/queries/iterations.ts'
import { getRun } from '#db/queries/runs.ts'
import { eventHistogram } from '#main/export/tensorboard/eventHistogram.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { crc32c } from '#main/export/tensorboard/maskedCrc.ts'
import { writeTensorboard } from '#main/export/tensorboard/writeTensorboard.ts'
import type { FilterSpace } from '#shared/filters/pixelFilters.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun, makeWhitenedRun } from '../db/makeLibrary.ts'
import { readEventFile, slowCrc32c } from './eventFileReader.ts'
import { pythonWith } from './python.ts'

test('CRC-32C is that of RFC 3720, appendix B.4, of any bytes', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(ascending)).toBe(0x46dd794e)
  expect(crc32c(ascending.toReversed())).toBe(0x113fdb5c)
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(crc32c(bytes)).toBe(slowCrc32c(bytes))
    }),
  )
})

test('a histogram counts every finite value once, between its ends', () => {
  fc.assert(
    fc.property(fc.float32Array({ minLength: 1, maxLength: 50 }), (values) => {
      const finite = values.filter(Number.isFinite)
      const histogram = eventHistogram(values)
      if (finite.length === 0) {
        expect(histogram).toBeNull()
        return
      }
      expect(histogram?.counts.reduce((sum, count) => sum + count)).toBe(finite.length)
      expect([histogram?.min, histogram?.max]).toEqual([Math.min(...finite), Math.max(...finite)].map(plus0))
      expect(histogram?.ends.at(-1)).toEqual(plus0(Math.max(...finite)))
      expect(histogram?.ends.every((end, k, ends) => k === 0 || end >= ends[k - 1])).toBe(true)
    }),
  )
})

/** Which zero is the smaller one is nobody's business. */
const plus0 = (value: number) => (value === 0 ? (expect.closeTo(0) as number) : value)

async function exported() {
  const library = makeLibrary()
  const id = await makeRun(library, {
    name: 'edges: λ/4',
    iterations: 5,
    snapshots: [0, 4],
    status: 'finished',
  })
  const folder = makeFolder()
  const [{ file }] = await writeTensorboard(library, [id], folder)
  return { library, id, folder, file }
}

describe('event files', () => {
  test('begin as every event file of TensorFlow does', async () => {
    const { file } = await exported()
    // Length 24, its masked checksum, then wall_time's tag: the first bytes of any file that TensorFlow wrote.
    expect(readFileSync(file).subarray(0, 13).toString('latin1')).toBe('\x18\0\0\0\0\0\0\0\xa3\x7fK"\t')
    expect(readEventFile(file).version).toBe('brain.Event:2')
  })

  test('hold the cost and its parts at every iteration, when they were', async () => {
    const { library, id, file } = await exported()
    const { values } = readEventFile(file)
    const series = readSeries(library, id, -1)
    const started = Date.parse(getRun(library, id).startedAt ?? '') / 1000
    for (const [tag, column] of [
      ['cost/total', series.cost],
      ['cost/reconstruction', series.reconstruction],
      ['cost/weight decay', series.weightDecay],
      ['cost/sparsity', series.sparsity],
      ['rho hat/mean', series.rhoHatMean],
    ] as const) {
      const found = values.filter((value) => value.tag === tag)
      expect(found.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
      expect(found.map(({ scalar }) => scalar)).toEqual([...Float32Array.from(column)])
      expect(found.at(-1)?.wallTime).toBeCloseTo(started + 0.04, 6)
    }
  })

  test('hold ρ̂ of the hidden units as histograms, and the filters of every snapshot as pictures', async () => {
    const { file } = await exported()
    const { values } = readEventFile(file)
    const histograms = values.filter(({ tag }) => tag === 'rho hat')
    expect(histograms.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
    const [{ histogram }] = histograms
    expect(histogram).toMatchObject({ count: 3, min: Math.fround(0.01), max: Math.fround(0.03) })
    expect(histogram?.sum).toBeCloseTo(0.06, 6)
    expect(histogram?.sumOfSquares).toBeCloseTo(0.0014, 6)
    expect([
      histogram?.counts[0],
      histogram?.counts[14],
      histogram?.counts[15],
      histogram?.counts.at(-1),
    ]).toEqual([1, expect.any(Number), expect.any(Number), 1])
    expect(histogram?.ends).toHaveLength(histogram?.counts.length ?? -1)
    const images = values.filter(({ tag }) => tag === 'filters')
    expect(images.map(({ step }) => step)).toEqual([0, 4])
    for (const { image } of images) {
      const { width, height } = await new Transformer(image?.png ?? Buffer.from('')).metadata()
      expect(image).toMatchObject({ width, height, colours: 4 })
      expect(width).toBe(132)
    }
  })

  test('show filters over whitened patches in pixels and as they are, each named', async () => {
    const library = makeLibrary()
    const id = await makeWhitenedRun(library, { snapshots: [0, 4] })
    const folder = makeFolder()
    const [{ file }] = await writeTensorboard(library, [id], folder)
    const images = readEventFile(file).values.flatMap(({ step, tag, image }) =>
      image ? [{ step, tag, png: image.png }] : [],
    )
    const drawn = async (space: FilterSpace, iteration: number) => {
      const picture = { format: 'png', space, iteration, file: path.join(folder, 'filters.png') } as const
      return {
        step: iteration,
        tag: `filters (${space})`,
        png: readFileSync(await exportRun(library, id, picture)),
      }
    }
    expect(images).toEqual([
      await drawn('pixels', 0),
      await drawn('whitened', 0),
      await drawn('pixels', 4),
      await drawn('whitened', 4),
    ])
    expect(images[0].png.equals(images[1].png)).toBe(false)
  })

  test('are replaced when the run is written again, and stand in a folder of the run’s name', async () => {
    const { library, id, folder, file } = await exported()
    expect(path.relative(folder, file)).toMatch(/^1 edges λ 4\/events\.out\.tfevents\.\d+\.rho-lab$/)
    await writeTensorboard(library, [id], folder)
    expect(readdirSync(path.dirname(file))).toHaveLength(1)
  })

  test('of runs that have no square patches have no pictures', async () => {
    const library = makeLibrary()
    const datasetId = await makeDataset(library, { n: 5, patchSize: null })
    const id = await makeRun(library, { datasetId, iterations: 1, snapshots: [0] })
    const [{ file }] = await writeTensorboard(library, [id], makeFolder())
    expect(readEventFile(file).values.some(({ image }) => image)).toBe(false)
  })

  const tensorboard = pythonWith('tensorboard.backend.event_processing.event_accumulator')
  test.skipIf(!tensorboard)('are read by TensorBoard itself', async () => {
    const { file } = await exported()
    const seen = tensorboard!.run(
      `
import sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
a = EventAccumulator(sys.argv[1]).Reload()
print(sorted(k for kind in ('scalars', 'tensors', 'histograms', 'images') for k in a.Tags()[kind]))`,
      path.dirname(file),
    )
    for (const tag of ['cost/total', 'rho hat', 'filters']) expect(seen).toContain(tag)
  })
})
