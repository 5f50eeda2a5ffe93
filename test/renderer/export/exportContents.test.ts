import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { getRun } from '#db/queries/runs.ts'
import { formatWeightsNpz } from '#main/export/npz.ts'
import { formatWeightsCsv } from '#main/export/weights/formatCsv.ts'
import { formatMat } from '#main/export/weights/formatMat.ts'
import { formatOnnx } from '#main/export/weights/formatOnnx.ts'
import { formatSafetensors } from '#main/export/weights/formatSafetensors.ts'
import { writeExport } from '#main/export/writeExport.ts'
import { exportKinds, type ExportKind } from '#shared/domain/exportRequest.ts'
import type { RunDetail, RunSummary } from '#shared/domain/run.ts'
import { exportContents } from '../../../renderer/components/export/exportContents.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun as makeLibraryRun } from '../../db/makeLibrary.ts'
import { makeRun } from '../makeRun.ts'

const none = { patches: false, details: new Map<number, RunDetail>(), isWhitened: () => false }
const rows = (kind: ExportKind, runs: readonly RunSummary[]) =>
  Object.fromEntries(exportContents(kind, runs, none).rows.map(({ name, what }) => [name, what]))

const run = makeRun()
const { hidden: h } = run.config
const n = run.visible

test("arrays are listed with this run's shapes", () => {
  expect(rows('npz', [run])).toMatchObject({ W1: '25 × 64 float32', b2: '64 float32', rhoHat: '25 float32' })
  expect(rows('mat', [run])).toMatchObject({ W2: '64 × 25 double', b1: '25 × 1 double' })
  expect(rows('onnx', [run])).toMatchObject({ activations: 'output, batch × 25 float32' })
})

test('where runs differ, a letter stands for the number', () => {
  const larger = makeRun({ id: 2, config: { ...run.config, hidden: 100 } })
  expect(rows('npz', [run, larger]).W1).toBe('h × 64 float32')
})

test('filters over whitened patches are said to be drawn twice', () => {
  const saying = (kind: ExportKind, isWhitened: boolean) =>
    exportContents(kind, [run], { ...none, isWhitened: () => isWhitened })
      .rows.map(({ what }) => what)
      .join()
  for (const kind of ['tensorboard', 'mlflow'] as const) {
    expect(saying(kind, true)).toContain('in pixels and whitened')
    expect(saying(kind, false)).not.toContain('whitened')
  }
})

test('every kind says what is in it', () => {
  for (const kind of exportKinds) expect(exportContents(kind, [run], none).rows.length).toBeGreaterThan(0)
})

test('the size that is told is about that of the file', () => {
  const value = (_: unknown, i: number): number => Math.sin(i) / 3
  const weights = {
    visible: n,
    hidden: h,
    W1: Float32Array.from({ length: h * n }, value),
    W2: Float32Array.from({ length: h * n }, value),
    b1: Float32Array.from({ length: h }, value),
    b2: Float32Array.from({ length: n }, value),
  }
  const exported = { weights, rhoHat: Float32Array.from({ length: h }, value), config: run.config }
  const written: Partial<Record<ExportKind, Uint8Array>> = {
    npz: formatWeightsNpz(exported),
    mat: formatMat(exported),
    safetensors: formatSafetensors(exported),
    onnx: formatOnnx(exported),
    csv: Buffer.concat([...formatWeightsCsv(exported)]),
  }
  for (const [kind, bytes] of Object.entries(written)) {
    const { sizeBytes } = exportContents(kind as ExportKind, [run], none)
    expect([kind, (sizeBytes ?? 0) / bytes.length]).toEqual([kind, expect.closeTo(1, 0.7)])
  }
})

test("a bundle's size is told once its runs are known, and holds patches of each dataset once", () => {
  const detail = (id: number): RunDetail => ({
    ...makeRun({ id }),
    notes: '',
    initialWeights: null,
    datasetHash: '',
    datasetPatches: 10_000,
    checkpointIteration: null,
    snapshots: Array.from({ length: 40 }, (_, iteration) => ({ iteration })),
    appVersion: '',
    engineVersions: {},
    machine: '',
  })
  const runs = [detail(1), detail(2)]
  const details = new Map(runs.map((run) => [run.id, run]))
  expect(exportContents('rholab', runs, none).sizeBytes).toBeNull()
  const without = exportContents('rholab', runs, { ...none, details }).sizeBytes ?? 0
  const withPatches = exportContents('rholab', runs, { ...none, patches: true, details }).sizeBytes ?? 0
  expect(withPatches - without).toBe(10_000 * (64 * 4 + 12))
})

test('the size of what goes into folders and reports is told about right too', async () => {
  const library = makeLibrary()
  const datasetId = await makeDataset(library, { m: 4, n: 64, patchSize: 8, preview: noPreview })
  const iterations = 200
  const snapshots = Array.from({ length: 20 }, (_, k) => k * 10)
  const plain = await makeLibraryRun(library, { datasetId, config: { hidden: 25 }, iterations, snapshots })
  // Of the same size when drawn in pixels, so that one set of pictures more is what differs.
  const whitening = Float32Array.from({ length: 64 * 64 }, (_, i) => Number(i % 65 === 0))
  const whitenedId = await makeDataset(library, {
    m: 4,
    n: 64,
    patchSize: 8,
    preview: noPreview,
    whitening,
    normalisation: { kind: 'zca', epsilon: 0.1 },
  })
  const whitened = await makeLibraryRun(library, {
    datasetId: whitenedId,
    config: { hidden: 25 },
    iterations,
    snapshots,
  })
  const folder = makeFolder()
  for (const id of [plain, whitened]) {
    const details = new Map([[id, getRun(library, id)]])
    const isWhitened = (dataset: number) => dataset === whitenedId
    for (const kind of ['png', 'html', 'tensorboard', 'mlflow'] as const) {
      const target = path.join(folder, `${kind} ${id}`)
      await writeExport(
        library,
        { runIds: [id], kind, iteration: null, patches: false, space: 'whitened' },
        target,
      )
      const { sizeBytes } = exportContents(kind, [...details.values()], { ...none, details, isWhitened })
      expect([kind, id, (sizeBytes ?? 0) / bytesUnder(target)]).toEqual([kind, id, expect.closeTo(1, 0.3)])
    }
  }
})

const noPreview = { count: 0, before: null, after: new Float32Array() }

const bytesUnder = (place: string): number =>
  statSync(place).isFile()
    ? statSync(place).size
    : readdirSync(place, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0)
