import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { setNotes } from '#db/queries/runs.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { writeMlflow } from '#main/export/mlflow/writeMlflow.ts'
import { yamlText } from '#main/export/mlflow/yaml.ts'
import { makeFolder, makeLibrary, makeRun, makeWhitenedRun } from '../db/makeLibrary.ts'
import { pythonWith } from './python.ts'

async function exported(store = path.join(makeFolder(), 'my mlruns')) {
  const library = makeLibrary()
  const id = await makeRun(library, {
    name: 'edges: "λ"',
    tags: ['first', 'best'],
    iterations: 3,
    snapshots: [0, 2],
    status: 'stopped',
  })
  setNotes(library, id, 'Looks\nfine.')
  const [{ file: folder }] = await writeMlflow(library, [id], store)
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8')
  return { library, id, store, folder, read }
}

describe('an MLflow file store', () => {
  // Layout and fields: mlflow/store/tracking/file_store.py
  test('has its experiments, each with what MLflow asks of it', async () => {
    const { store, folder } = await exported()
    const experiments = readdirSync(store)
    expect(experiments).toHaveLength(2)
    for (const id of experiments) {
      expect(id).toMatch(/^\d+$/)
      const meta = readFileSync(path.join(store, id, 'meta.yaml'), 'utf8')
      expect(yamlText(meta, 'experiment_id')).toBe(id)
      expect(yamlText(meta, 'lifecycle_stage')).toBe('active')
      expect(fileURLToPath(yamlText(meta, 'artifact_location') ?? '')).toBe(path.join(store, id))
      expect(yamlText(meta, 'name')).toBe(id === '0' ? 'Default' : 'Rho Lab')
    }
    expect(path.basename(path.dirname(folder))).toBe(experiments.find((id) => id !== '0'))
  })

  test('has the run with its state, name, times and where its artifacts are', async () => {
    const { folder, read } = await exported()
    const meta = read('meta.yaml')
    const uuid = path.basename(folder)
    expect(uuid).toMatch(/^[0-9a-f]{32}$/)
    const value = (key: string) => yamlText(meta, key)
    expect([value('run_id'), value('run_uuid')]).toEqual([uuid, uuid])
    expect(value('run_name')).toBe('edges: "λ"')
    expect(value('experiment_id')).toBe(path.basename(path.dirname(folder)))
    // KILLED, and a local source.
    expect([value('status'), value('source_type')]).toEqual(['5', '4'])
    expect(Number(value('end_time'))).toBeGreaterThanOrEqual(Number(value('start_time')))
    expect(fileURLToPath(value('artifact_uri') ?? '')).toBe(path.join(folder, 'artifacts'))
  })

  test('has settings as parameters, the record as metrics, the rest as tags', async () => {
    const { read, folder } = await exported()
    expect([read('params/hidden'), read('params/rho'), read('params/dataset')]).toEqual([
      '3',
      '0.01',
      'photos',
    ])
    const lines = read('metrics/cost').trimEnd().split('\n')
    const start = Number(lines[0].split(' ')[0])
    expect(lines).toEqual([`${start} 2.25 0`, `${start + 10} 1.25 1`, `${start + 20} ${2 / 3 + 0.25} 2`])
    expect(readdirSync(path.join(folder, 'metrics'))).toContain('rhoHatMean')
    expect([read('tags/mlflow.runName'), read('tags/mlflow.note.content'), read('tags/tags')]).toEqual([
      'edges: "λ"',
      'Looks\nfine.',
      'best, first',
    ])
  })

  test('has weights and filters as artifacts', async () => {
    const { folder, read } = await exported()
    expect((await readWeights(path.join(folder, 'artifacts', 'weights.npz'))).weights.hidden).toBe(3)
    expect(read('artifacts/filters.png').slice(1, 4)).toBe('PNG')
  })

  test('shows filters over whitened patches in pixels and as they are, each named', async () => {
    const library = makeLibrary()
    const id = await makeWhitenedRun(library, { snapshots: [0] })
    const folder = makeFolder()
    const [{ file }] = await writeMlflow(library, [id], path.join(folder, 'mlruns'))
    const artifacts = path.join(file, 'artifacts')
    expect(readdirSync(artifacts).toSorted()).toEqual([
      'filters (pixels).png',
      'filters (whitened).png',
      'weights.npz',
    ])
    for (const space of ['pixels', 'whitened'] as const) {
      const drawn = await exportRun(library, id, { format: 'png', space, file: path.join(folder, space) })
      expect(readFileSync(path.join(artifacts, `filters (${space}).png`)).equals(readFileSync(drawn))).toBe(
        true,
      )
    }
  })

  test('gets the same run once, however often it is written, and keeps what others wrote', async () => {
    const store = makeFolder()
    mkdirSync(path.join(store, '42', 'theirs'), { recursive: true })
    writeFileSync(
      path.join(store, '42', 'meta.yaml'),
      "artifact_location: file:///x\nexperiment_id: '42'\nlifecycle_stage: active\nname: Rho Lab\n",
    )
    const { library, id, folder } = await exported(store)
    expect(path.dirname(folder)).toBe(path.join(store, '42'))
    const [{ file }] = await writeMlflow(library, [id], store)
    expect(file).toBe(folder)
    expect(readdirSync(store)).toEqual(['42'])
    expect(readdirSync(path.join(store, '42')).sort()).toEqual(
      [path.basename(folder), 'meta.yaml', 'theirs'].sort(),
    )
  })

  test('is left without half a run where there are no weights', async () => {
    const library = makeLibrary()
    const id = await makeRun(library)
    const store = makeFolder()
    await expect(writeMlflow(library, [id], store)).rejects.toThrow(/no weights yet/)
    const experiment = readdirSync(store).find((name) => name !== '0') ?? ''
    expect(readdirSync(store)).toHaveLength(2)
    expect(readdirSync(path.join(store, experiment))).toEqual(['meta.yaml'])
  })

  const yaml = pythonWith('yaml')
  test.skipIf(!yaml)('has meta files that PyYAML reads', async () => {
    const { folder } = await exported()
    const seen = yaml!.run(
      'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))',
      path.join(folder, 'meta.yaml'),
    )
    expect(JSON.parse(seen)).toMatchObject({
      run_name: 'edges: "λ"',
      status: 5,
      tags: [],
      deleted_time: null,
      run_uuid: path.basename(folder),
    })
  })

  const mlflow = pythonWith('mlflow')
  test.skipIf(!mlflow)('is read by MLflow itself', async () => {
    const { store, folder } = await exported()
    const seen = mlflow!.run(
      `
import sys
from mlflow.store.tracking.file_store import FileStore
run = FileStore(sys.argv[1]).get_run(sys.argv[2])
print(run.info.run_name, run.data.params['rho'], run.data.metrics['cost'])`,
      store,
      path.basename(folder),
    )
    expect(seen).toBe(`edges: "λ" 0.01 ${2 / 3 + 0.25}`)
  })
})
