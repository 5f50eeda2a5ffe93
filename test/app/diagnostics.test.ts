import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeForReport, withoutNames } from '#main/app/diagnostics.ts'
import { defaultSettings } from '#shared/domain/settings.ts'

const facts = {
  appVersion: '0.1.0',
  machine: 'a test machine',
  versions: process.versions,
  engines: [{ engine: 'onnx', available: true, device: 'CPU, 2 threads', reason: 'It is here.', auto: true }],
  gpu: { webgl: 'enabled' },
  library: { schemaVersion: 7, runs: 3, datasets: 2 },
  settings: defaultSettings,
  log: '',
} as const

test('a report says on what it ran', () => {
  const report = describeForReport({ ...facts, log: '2026-11-24 info started\n' })
  for (const said of [
    'Rho Lab 0.1.0',
    'schema 7, 3 runs, 2 datasets',
    'onnx (auto): CPU, 2 threads',
    'webgl enabled',
    'info started',
  ])
    expect(report).toContain(said)
})

test.each([
  ['info Rho Lab 0.1.0, Electron 45.4.1, library /home/ann/Secret project/library', 'ann'],
  ['error runs.start failed LabError: The dataset "faces of Ann" came without its patches.', 'Ann'],
  ["warn ENOENT: no such file or directory, open '/home/ann/a.png'", 'ann'],
  ['warn refused navigation https://ann.example/', 'ann'],
  ['warn at C:\\Users\\ann\\app.js:3:1', 'ann'],
  ['    at file:///home/ann/rho-lab/out/main/index.js:3:1', 'ann'],
])('%s loses its names', (line, name) => expect(withoutNames(line)).not.toContain(name))

test('whatever a run is called, its name is in no report', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{8,12}$/), (name) => {
      const log = `warn The run "${name}" has no checkpoint.\nwarn open '/data/${name}/x.npy' failed\n`
      expect(describeForReport({ ...facts, log })).not.toContain(name)
    }),
  )
})
