import { expect, test } from '@playwright/test'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { callLab, emptyLibrary, endOf } from './calls.ts'
import { launchLab, type LaunchedLab } from './launch.ts'

/**
 * A GPU for machines without one: Chromium's own software renderer behind WebGPU. With other combinations of these
 * switches there is no adapter, or Electron hangs.
 */
const softwareWebGpu = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-webgpu-adapter=swiftshader',
  '--ignore-gpu-blocklist',
]
const softwareWebGl = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']

const small: RunConfig = { ...defaultConfig, hidden: 6, iterations: 12, history: 5 }

let lab: LaunchedLab

async function generate(): Promise<number> {
  const sampling = { ...defaultSampling, patches: 300 }
  return (await callLab(lab.page, 'datasets.generate', 'bars', 'bars', sampling)).id
}

async function start(datasetId: number, changes: Partial<RunConfig>): Promise<number> {
  const config = { ...small, ...changes }
  return (await callLab(lab.page, 'runs.start', { datasetId, config, name: 'gpu', preset: null, tags: [] }))
    .id
}

const get = (id: number) => callLab(lab.page, 'runs.get', id)

/** A run on the GPU that ends only when it is ended, some iterations in. */
async function longRun(): Promise<number> {
  const id = await start(await generate(), { engine: 'gpu', optimiser: 'adam', iterations: 1_000_000 })
  await expect.poll(async () => (await get(id)).iterations, { timeout: 90_000 }).toBeGreaterThan(1)
  return id
}

/** Goes on where its checkpoint stands, computed by ONNX Runtime. */
async function resumeElsewhere(id: number): Promise<void> {
  const { iterations } = await get(id)
  await callLab(lab.page, 'runs.resume', id, 'onnx')
  await expect.poll(async () => (await get(id)).engine?.engine).toBe('onnx')
  await expect.poll(async () => (await get(id)).iterations).toBeGreaterThan(iterations)
  await callLab(lab.page, 'runs.stop', id)
  expect(await endOf(lab.page, id)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
}

const isCompute = (page: { url(): string }) => page.url().endsWith('/compute.html')

for (const { backend, args } of [
  { backend: 'gpu.js WebGPU', args: softwareWebGpu },
  { backend: 'gpu.js WebGL2', args: softwareWebGl },
]) {
  test(`trains in a hidden window on ${backend} as ONNX Runtime does`, async () => {
    lab = await launchLab({ args })
    const engines = await callLab(lab.page, 'engines.list')
    expect(engines.find(({ engine }) => engine === 'gpu')).toMatchObject({
      available: true,
      device: expect.stringMatching(/swiftshader.*\(software\)/i),
      reason: expect.stringContaining(backend),
      auto: false,
    })
    const dataset = await generate()
    const variants: Partial<RunConfig>[] = [
      {},
      { hidden: 70, activation: 'tanh', decoder: 'linear', iterations: 3 },
      { optimiser: 'adam', batch: 128, iterations: 4, validation: 0.1 },
      { optimiser: 'sgd', batch: 64, iterations: 2 },
      { penalty: 'l1', iterations: 3 },
    ]
    for (const changes of variants) {
      const onGpu = await endOf(lab.page, await start(dataset, { ...changes, engine: 'gpu' }))
      expect(onGpu).toMatchObject({
        status: 'finished',
        message: null,
        engine: { engine: 'gpu', backend, precision: 'float32', reason: 'Chosen by name.' },
      })
      const onCpu = await endOf(lab.page, await start(dataset, { ...changes, engine: 'onnx' }))
      expect(onCpu).toMatchObject({ status: 'finished', iterations: onGpu.iterations })
      expect(onGpu.cost! / onCpu.cost!).toBeCloseTo(1, 3)
      expect(onGpu.rhoHat!.max).toBeCloseTo(onCpu.rhoHat!.max, 3)
      if (changes.validation) expect(onGpu.validation! / onCpu.validation!).toBeCloseTo(1, 3)
    }
    // Its window ends with a run.
    expect(lab.app.windows().filter(isCompute)).toEqual([])
    expect(lab.errors).toEqual([])
    await lab.close()
  })
}

test.describe('on a GPU made of software', () => {
  test.beforeAll(async () => void (lab = await launchLab({ args: softwareWebGpu })))
  test.afterAll(() => lab.close())
  test.afterEach(() => emptyLibrary(lab.page))

  test('auto never takes a software adapter', async () => {
    const run = await endOf(lab.page, await start(await generate(), { engine: 'auto' }))
    expect(run).toMatchObject({ status: 'finished', engine: { engine: 'onnx' } })
  })

  test('the window that computes is as closed as the other one, and has no calls', async () => {
    const id = await longRun()
    const compute = lab.app.windows().find(isCompute)!
    const found = await compute.evaluate(async () => ({
      globals: ['lab', 'require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
      files: await Promise.all(
        ['patches/', 'patches/00000000-0000-4000-8000-000000000000', 'library.sqlite'].map(
          async (name) => (await fetch(`rho-lab://app/${name}`)).status,
        ),
      ),
      network: await fetch('https://example.org/').then(
        () => 'reached',
        () => 'refused',
      ),
    }))
    expect(found).toEqual({ globals: [], files: [404, 404, 404], network: 'refused' })
    const window = await lab.app.browserWindow(compute)
    expect(
      await window.evaluate((window) => ({
        visible: window.isVisible(),
        ...(
          window.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
        ).getLastWebPreferences(),
      })),
    ).toMatchObject({
      visible: false,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
    })
    await callLab(lab.page, 'runs.stop', id)
    expect(await endOf(lab.page, id)).toMatchObject({ status: 'stopped', hasCheckpoint: true })
  })

  test('a run on the GPU is watched live on a port of its own', async () => {
    const id = await longRun()
    const types = await lab.page.evaluate(
      (runId) =>
        new Promise<string[]>((resolve) => {
          const types = new Set<string>()
          window.addEventListener('message', ({ data, ports }) => {
            if (data.type !== 'livePort' || data.runId !== runId) return
            ports[0].addEventListener('message', ({ data }) => {
              types.add(data.type)
              if (types.size === 2) resolve([...types].toSorted())
            })
            ports[0].start()
          })
          void window.lab.invoke('live.watch', runId)
        }),
      id,
    )
    expect(types).toEqual(['iterations', 'weights'])
  })

  test('a compute window that crashes takes nothing with it, and its run goes on elsewhere', async () => {
    const id = await longRun()
    await lab.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .find((contents) => contents.getURL().endsWith('/compute.html'))
        ?.forcefullyCrashRenderer(),
    )
    const run = await endOf(lab.page, id)
    expect(run).toMatchObject({ status: 'interrupted', hasCheckpoint: true })
    expect(run.message).toMatch(/^The session (crashed|was killed)/)
    await resumeElsewhere(id)
  })

  test('a graphics process that dies ends the run with its checkpoint, and the lab stays', async () => {
    const id = await longRun()
    const pid = await lab.app.evaluate(
      ({ app }) => app.getAppMetrics().find(({ type }) => type === 'GPU')?.pid,
    )
    process.kill(pid ?? 0, 'SIGKILL')
    const run = await endOf(lab.page, id)
    expect(run).toMatchObject({ status: 'failed', hasCheckpoint: true })
    expect(run.message).toMatch(
      /^The graphics device was lost at iteration \d+\. Resume on another engine\.$/,
    )
    await resumeElsewhere(id)
  })
})
