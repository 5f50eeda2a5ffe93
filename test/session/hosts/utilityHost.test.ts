import { createHash } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import type { FromUtility, GpuProbe, ToUtility } from '#main/session/hosts/gpuProtocol.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { problem } from '../../engine/problem.ts'

// The host itself, with the port that Electron puts on a utility process in our hands.
const probe: GpuProbe = { available: true, device: 'a card', reason: 'It is there.', hardware: true }
const { patches } = problem(60, 9, 4)
const bytes = new Uint8Array(patches.buffer)
const sha256 = createHash('sha256').update(bytes).digest('hex')
let folder: string
let said: FromUtility[]
let port: EventEmitter & { postMessage(message: FromUtility): void }

/** Engines are measured first, each with threads of its own; other tests may want the processor, too. */
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000 })

const say = (data: ToUtility) => port.emit('message', { data, ports: [] })

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rho-lab-host-'))
  writeFileSync(join(folder, 'patches'), bytes)
})
afterAll(() => rmSync(folder, { recursive: true }))

beforeEach(async () => {
  vi.stubEnv('RHO_LAB_ENGINE_CHOICES', mkdtempSync(join(folder, 'choices-')))
  said = []
  port = Object.assign(new EventEmitter(), { postMessage: (message: FromUtility) => void said.push(message) })
  Object.assign(process, { parentPort: port })
  vi.resetModules()
  await import('#main/session/hosts/utilityHost.ts')
})
afterAll(() => {
  Reflect.deleteProperty(process, 'parentPort')
  vi.unstubAllEnvs()
})

const start = (hash = sha256): void =>
  void say({
    type: 'start',
    runId: 1,
    config: { ...defaultConfig, hidden: 4, iterations: 3 },
    patches: { path: join(folder, 'patches'), hash, part: { kind: 'patches', id: 7, name: 'photos' } },
    m: 60,
    n: 9,
    checkpoint: null,
    engine: null,
    stopAfter: null,
    initialTheta: null,
    threads: null,
    checkpointMs: 15_000,
  })

const types = () => said.map(({ type }) => type)

it('asks how fast the GPU is, and hands the run over where that is faster', async () => {
  say({ type: 'gpu', probe })
  start()
  await until(() => expect(said).toMatchObject([{ type: 'measure', shape: { m: 60, n: 9, h: 4 } }]))
  say({ type: 'measured', workMs: 1e-9 })
  await until(() => expect(types()).toContain('handOver'))
  expect(said.at(-1)).toMatchObject({ reason: expect.stringMatching(/^The GPU takes .*\.$/) as string })
  // The run is no longer its own: it says nothing of it.
  expect(types()).toEqual(['measure', 'handOver'])
})

it.each([
  ['slower', 1e9],
  ['unable to compute it', null],
])('keeps the run where the GPU is %s', async (_what, workMs) => {
  say({ type: 'gpu', probe })
  start()
  await until(() => expect(types()).toEqual(['measure']))
  say({ type: 'measured', workMs })
  await until(() => expect(types()).toContain('ended'))
  expect(said.find(({ type }) => type === 'engine')).toMatchObject({ engine: { engine: 'onnx' } })
  expect(said.at(-1)).toMatchObject({ type: 'ended', status: 'finished' })
})

it('never asks where it was told of no GPU', async () => {
  start()
  await until(() => expect(types()).toContain('ended'))
  expect(types()).not.toContain('measure')
})

it('trains on no patches that have changed since they were stored', async () => {
  start('0'.repeat(64))
  await until(() => expect(types()).toContain('ended'))
  expect(said.at(-1)).toMatchObject({
    status: 'failed',
    error: {
      code: 'badInput',
      message: expect.stringMatching(
        /^The patches of dataset 7 "photos" are damaged\. .*lab derive 7/,
      ) as string,
    },
  })
  expect(types()).not.toContain('iterations')
})
