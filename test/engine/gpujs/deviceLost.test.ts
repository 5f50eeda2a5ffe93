import { beforeAll, describe, expect, it } from 'vitest'
import { reproducing, type Engine } from '#main/engine/engine.ts'
import { gpuEngine } from '#main/engine/gpujs/gpuEngine.ts'
import { closeWebGpu } from '#main/engine/gpujs/webGpuDevice.ts'
import type { FromSession } from '#main/session/protocol.ts'
import { runSession } from '#main/session/runSession.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { problem, settings } from '../problem.ts'
import { takeSoftwareVulkan } from './softwareVulkan.ts'

takeSoftwareVulkan()
const { available, reason } = await gpuEngine.probe()
const { shape, patches, theta, gradient } = problem(40, 6, 5, 10)
const config: RunConfig = { ...defaultConfig, hidden: 5, engine: 'gpu', iterations: 1_000, batch: 10 }

describe.skipIf(!available)(available ? 'a GPU that is lost' : `a GPU that is lost: ${reason}`, () => {
  let loseDevice: () => Promise<void>
  beforeAll(async () => {
    const gpuJs = await import('gpu.js')
    loseDevice = () => closeWebGpu(gpuJs)
  })

  async function create(changes: Partial<RunConfig> = {}): Promise<Engine> {
    const given = { ...config, ...changes }
    const engine = await gpuEngine.create(shape, { ...settings, optimiser: given.optimiser, hyper: given })
    await engine.setExamples(reproducing(patches))
    return engine
  }

  it('says so at whatever is asked of it next, instead of computing zeros', async () => {
    const engine = await create({ optimiser: 'adam' })
    await loseDevice()
    const lost = { code: 'deviceLost', message: expect.stringContaining('another engine') as string }
    await expect(engine.evaluate(theta, gradient)).rejects.toMatchObject(lost)
    await expect(engine.setExamples(reproducing(patches))).rejects.toMatchObject(lost)
    const moments = () => new Float64Array(theta.length)
    const state = { theta, firstMoment: moments(), secondMoment: moments(), rhoHat: moments(), step: 0 }
    await expect(engine.loadState(state)).rejects.toMatchObject(lost)
    await engine.dispose()
  })

  it('can be used again by a new engine', async () => {
    const first = await create()
    await loseDevice()
    await first.dispose()
    const second = await create()
    expect((await second.evaluate(theta, gradient)).squaredError).toBeGreaterThan(0)
    await second.dispose()
  })

  it.each(['lbfgs', 'adam'] as const)('ends a session of %s as failed, saying where', async (optimiser) => {
    const engine = await create({ optimiser })
    const said: FromSession[] = []
    const job = {
      config: { ...config, optimiser },
      shape,
      checkpoint: null,
      theta: null,
      checkpointMs: 15_000,
      stopAfter: null,
      stopped: () => false,
    }
    await runSession(job, engine, {
      post(message) {
        said.push(message)
        if (message.type === 'iterations' && message.records.at(-1)!.iteration >= 3) void loseDevice()
      },
      live: { watched: () => false, post: () => undefined },
    })
    await engine.dispose()
    expect(said.filter(({ type }) => type === 'checkpoint').length).toBeGreaterThan(0)
    expect(said.at(-1)).toMatchObject({
      type: 'ended',
      status: 'failed',
      error: {
        code: 'deviceLost',
        message: expect.stringMatching(
          /^The graphics device was lost at iteration \d+\. Resume on another engine\.$/,
        ) as string,
      },
    })
  })
})
