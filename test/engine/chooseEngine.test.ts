import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseEngine, engineFactories, probeEngines } from '#main/engine/engines.ts'
import type { EngineDescription } from '#shared/domain/run.ts'
import { engineNames } from '#shared/domain/runConfig.ts'
import { settings as someSettings } from './problem.ts'

const shape = { m: 100, n: 16, h: 5, batch: 10 }
const { threads: _, ...settings } = someSettings

const description = (changes: Partial<EngineDescription>): EngineDescription => ({
  engine: 'onnx',
  backend: 'ONNX Runtime',
  device: 'CPU, 3 threads',
  precision: 'float32',
  reason: 'It was the fastest.',
  threads: 3,
  ...changes,
})

/** A GPU that "computes" with the reference, after waiting so long. */
function withGpu(hardware: boolean, waitMs = 0) {
  vi.spyOn(engineFactories.gpu, 'probe').mockResolvedValue({
    available: true,
    device: `a GPU of ${randomUUID()}`,
    reason: 'It is there.',
    hardware,
  })
  return vi.spyOn(engineFactories.gpu, 'create').mockImplementation(async (given, settings) => {
    const engine = await engineFactories.reference.create(given, settings)
    return {
      ...engine,
      async evaluate() {
        await new Promise((resolve) => setTimeout(resolve, waitMs))
        return { squaredError: 0, rhoHat: new Float64Array(given.h) }
      },
    }
  })
}

/** Makes engines answer that they cannot compute here, as on a machine without their library. */
function without(...names: (keyof typeof engineFactories)[]) {
  for (const name of names) {
    vi.spyOn(engineFactories[name], 'probe').mockResolvedValue({
      available: false,
      device: 'none',
      reason: 'It is missing.',
    })
  }
}

afterEach(() => vi.restoreAllMocks())

describe('probing', () => {
  it('tells of every engine whether it is here and why, and which one auto takes', async () => {
    const statuses = await probeEngines()
    expect(statuses.map(({ engine }) => engine)).toEqual([...engineNames])
    for (const { reason } of statuses) expect(reason).toMatch(/\.$/)
    expect(statuses.filter(({ auto }) => auto).map(({ engine }) => engine)).toEqual(['onnx'])
    expect(statuses.find(({ engine }) => engine === 'reference')?.available).toBe(true)
  })

  it('marks the engine that auto really takes', async () => {
    without('onnx')
    const { factory } = await chooseEngine('auto', shape, settings)
    expect((await probeEngines()).find(({ auto }) => auto)?.engine).toBe(factory.name)
  })
})

describe('choosing', () => {
  it.each([
    { missing: [], taken: 'onnx' },
    { missing: ['onnx'], taken: 'wasm' },
    { missing: ['onnx', 'wasm'], taken: 'reference' },
  ] as const)('auto takes $taken where $missing is missing', async ({ missing, taken }) => {
    without(...missing)
    const { factory, reason } = await chooseEngine('auto', shape, settings)
    expect(factory.name).toBe(taken)
    expect(reason).toMatch(/\.$/)
  })

  it('takes the engine that was named, not the fastest', async () => {
    expect((await chooseEngine('reference', shape, settings)).factory.name).toBe('reference')
  })

  it('refuses a named engine that is missing, with its reason and the mend', async () => {
    await expect(chooseEngine('gpu', shape, settings)).rejects.toMatchObject({
      code: 'engineUnavailable',
      message: expect.stringMatching(/"gpu".*"auto"/) as string,
    })
  })
})

describe('auto between ONNX Runtime and a GPU', () => {
  const large = { m: 10_000, n: 100, h: 200, batch: 256 }

  it('takes the GPU where it is faster, and says by how much', async () => {
    withGpu(true)
    const { factory, reason } = await chooseEngine('auto', large, settings)
    expect(factory.name).toBe('gpu')
    expect(reason).toMatch(/^The GPU takes [\d.]+ ms a gradient here; ONNX Runtime [\d.]+ ms\.$/)
  })

  it('takes ONNX Runtime where the GPU is slower', async () => {
    withGpu(true, 300)
    const { factory, reason } = await chooseEngine('auto', { ...large, m: 500 }, settings)
    expect(factory.name).toBe('onnx')
    expect(reason).toMatch(/^ONNX Runtime takes [\d.]+ ms a gradient here; the GPU \d+ ms\.$/)
  })

  it('does not even measure a GPU that is made of software, nor WebAssembly', async () => {
    const create = withGpu(false)
    const wasm = vi.spyOn(engineFactories.wasm, 'create')
    const { factory, reason } = await chooseEngine('auto', large, settings)
    expect(factory.name).toBe('onnx')
    expect(reason).toMatch(/no hardware GPU/)
    expect(create).not.toHaveBeenCalled()
    expect(wasm).not.toHaveBeenCalled()
  })

  it('takes ONNX Runtime where the GPU turns out not to compute', async () => {
    withGpu(true).mockRejectedValue(new Error('The device was lost.'))
    const { factory, reason } = await chooseEngine('auto', large, settings)
    expect(factory.name).toBe('onnx')
    expect(reason).toMatch(/the GPU cannot compute this network\.$/)
  })
})

describe('a run that is resumed', () => {
  it.each(['auto', 'onnx'] as const)(
    'goes on with as many threads as before, asked for %s',
    async (choice) => {
      const chosen = await chooseEngine(choice, shape, settings, description({}))
      expect(chosen.factory.name).toBe('onnx')
      expect(chosen.settings.threads).toBe(3)
    },
  )

  it('goes on with its engine though auto would take another one now', async () => {
    const before = description({ engine: 'reference', threads: undefined })
    expect((await chooseEngine('auto', shape, settings, before)).factory.name).toBe('reference')
  })

  it('goes on with another engine where its own is gone', async () => {
    const before = description({ engine: 'gpu', threads: undefined })
    expect((await chooseEngine('auto', shape, settings, before)).factory.name).toBe('onnx')
  })
})

it('choosing an engine by name does not load the libraries of the others', () => {
  const script = `
    import { chooseEngine } from '#main/engine/engines.ts'
    await chooseEngine('reference', { m: 1, n: 1, h: 1, batch: 1 }, { optimiser: 'lbfgs' })
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    console.log(loaded.filter((path) => /onnxruntime|gpu\\.js/.test(path)).length)
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(output.trim()).toBe('0')
})
