import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { chooseEngine, engineFactories, probeEngines } from '#main/engine/engines.ts'
import type { GpuProbe } from '#main/session/hosts/gpuProtocol.ts'
import { remoteGpu } from '#main/session/hosts/remoteGpu.ts'
import { settings } from '../../engine/problem.ts'

const shape = { m: 50, n: 9, h: 4, batch: 10 }
const probe: GpuProbe = { available: true, device: 'a card', reason: 'gpu.js WebGPU.', hardware: true }
const given = { ...settings, hyper: { ...settings.hyper, hidden: 4 } }
const own = engineFactories.gpu

let choices: string
beforeEach(() => {
  choices = mkdtempSync(join(tmpdir(), 'rho-lab-choices-'))
  vi.stubEnv('RHO_LAB_ENGINE_CHOICES', choices)
})
afterEach(() => {
  engineFactories.gpu = own
  vi.unstubAllEnvs()
  rmSync(choices, { recursive: true })
})

it('is chosen by auto where whoever reaches it measures less', async () => {
  engineFactories.gpu = remoteGpu(probe, async () => 1e-9)
  const { factory, reason } = await chooseEngine('auto', shape, given)
  expect(factory).toBe(engineFactories.gpu)
  expect(reason).toMatch(/^The GPU takes .*ONNX Runtime/)
})

it.each([
  ['it measures more', 1e9],
  ['it cannot compute the network', null],
])('is not chosen where %s', async (_why, workMs) => {
  engineFactories.gpu = remoteGpu(probe, async () => workMs)
  expect((await chooseEngine('auto', shape, given)).factory.name).toBe('onnx')
})

it('is listed as whoever reaches it found it', async () => {
  engineFactories.gpu = remoteGpu({ ...probe, hardware: false }, async () => null)
  const status = (await probeEngines()).find(({ engine }) => engine === 'gpu')
  expect(status).toMatchObject({ available: true, device: 'a card', auto: false })
})
