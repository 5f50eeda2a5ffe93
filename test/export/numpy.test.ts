import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readWeights } from '#main/export/importWeights.ts'
import { formatNpz, weightArrays } from '#main/export/npz.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { pythonWith } from './python.ts'
import { ramp, weightsOf } from './rampWeights.ts'

const numpy = pythonWith('numpy')

describe.skipIf(!numpy)('NumPy', () => {
  const run = (code: string) => numpy!.run(code)

  test('reads what we write, without allow_pickle', () => {
    const file = path.join(makeFolder(), 'w.npz')
    const config = JSON.stringify({ ...defaultConfig, hidden: 3, note: 'ρ̂ 𝜌' })
    writeFileSync(
      file,
      formatNpz({ ...weightArrays(weightsOf(3, 4)), rhoHat: { shape: [3], values: ramp(3) }, config }),
    )
    const seen = JSON.parse(
      run(`
import json, numpy as np
f = np.load(${JSON.stringify(file)})
print(json.dumps({
  'shapes': {k: list(f[k].shape) for k in f.files},
  'types': sorted({str(f[k].dtype) for k in f.files if k != 'config'}),
  'W2': f['W2'].tolist(),
  'config': f['config'].item(),
}))`),
    ) as Record<string, unknown>
    expect(seen).toEqual({
      shapes: { W1: [3, 4], W2: [4, 3], b1: [3], b2: [4], rhoHat: [3], config: [] },
      types: ['float32'],
      W2: Array.from({ length: 4 }, (_, i) => Array.from(weightsOf(3, 4).W2.subarray(3 * i, 3 * i + 3))),
      config,
    })
  })

  test.each(['savez', 'savez_compressed'])('writes with %s what we read', async (save) => {
    const file = path.join(makeFolder(), 'w.npz')
    const config = JSON.stringify({ ...defaultConfig, hidden: 3 })
    run(`
import numpy as np
W1 = np.arange(12).reshape(3, 4) / 8
np.${save}(${JSON.stringify(file)}, W1=W1, W2=np.ascontiguousarray(W1.T), b1=np.zeros(3, 'f4'), b2=np.ones((4, 1)),
  rhoHat=np.full(3, .25), config=${JSON.stringify(config)})`)
    const { weights, rhoHat, config: read } = await readWeights(file)
    expect(weights).toMatchObject({ hidden: 3, visible: 4, W1: ramp(12), b2: new Float32Array(4).fill(1) })
    expect(weights.W2.slice(0, 3)).toEqual(Float32Array.of(0, 0.5, 1))
    expect(rhoHat).toEqual(new Float32Array(3).fill(0.25))
    expect(read).toEqual(JSON.parse(config))
  })

  test('in Fortran order is read as the same numbers', async () => {
    const file = path.join(makeFolder(), 'w.npz')
    run(`
import numpy as np
W1 = np.arange(12.).reshape(3, 4)
np.savez(${JSON.stringify(file)}, W1=W1, W2=W1.T, b1=np.zeros(3), b2=np.zeros(4))`)
    const { weights } = await readWeights(file)
    expect([...weights.W1]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    expect([...weights.W2]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
  })
})
