import { execFileSync } from 'node:child_process'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseEngine, engineFactories, probeEngines } from '#main/engine/engines.ts'
import { engineNames } from '#shared/domain/runConfig.ts'

const shape = { m: 100, n: 16, h: 5, batch: 10 }

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
    const { factory } = await chooseEngine('auto', shape)
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
    const { factory, reason } = await chooseEngine('auto', shape)
    expect(factory.name).toBe(taken)
    expect(reason).toMatch(/\.$/)
  })

  it('takes the engine that was named, not the fastest', async () => {
    expect((await chooseEngine('reference', shape)).factory.name).toBe('reference')
  })

  it('refuses a named engine that is missing, with its reason and the mend', async () => {
    await expect(chooseEngine('gpu', shape)).rejects.toMatchObject({
      code: 'engineUnavailable',
      message: expect.stringMatching(/"gpu".*"auto"/) as string,
    })
  })
})

it('choosing an engine by name does not load the libraries of the others', () => {
  const script = `
    import { chooseEngine } from '#main/engine/engines.ts'
    await chooseEngine('reference', { m: 1, n: 1, h: 1, batch: 1 })
    const { createRequire } = await import('node:module')
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    console.log(loaded.filter((path) => /onnxruntime|gpu\\.js/.test(path)).length)
  `
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(output.trim()).toBe('0')
})
