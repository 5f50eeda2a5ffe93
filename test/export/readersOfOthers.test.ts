import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readWeights } from '#main/export/importWeights.ts'
import { loadOnnxRuntime } from '#main/engine/onnx/runtime.ts'
import { forward } from '#main/engine/forward.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { snippets } from '#shared/snippets/index.ts'
import type { ExportedWeights } from '#main/export/weights/exportedWeights.ts'
import type { RunConfig } from '#shared/domain/runConfig.ts'
import { weightsFromTheta } from '#shared/model/theta.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { makeFolder } from '../db/makeLibrary.ts'
import { exportedOf, writers } from './exported.ts'
import { missing, pythonWith } from './python.ts'
import { ramp } from './rampWeights.ts'

const { InferenceSession, Tensor } = await loadOnnxRuntime()
const h = 5
const n = 9
const m = 7
const patches = Float32Array.from({ length: m * n }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)

/** Weights of the size that training has, for which every activation is well inside its range. */
function trained(config: Partial<RunConfig> = {}): ExportedWeights {
  const weights = weightsFromTheta(initialTheta({ n, h }, { seed: 3 }), { n, h })
  weights.b1.set(ramp(h, -0.3))
  weights.b2.set(ramp(n, -0.5))
  return { ...exportedOf(h, n, config), weights }
}

function write(format: string, exported: ExportedWeights): string {
  const file = path.join(makeFolder(), `w.${format}`)
  writeFileSync(file, writers[format](exported))
  return file
}

const models: Partial<RunConfig>[] = [
  {},
  { activation: 'tanh' },
  { decoder: 'linear' },
  { activation: 'tanh', decoder: 'linear' },
]

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0)
}

describe('ONNX Runtime', () => {
  test.each(models)('runs the model with any batch: %j', async (config) => {
    const exported = trained(config)
    const session = await InferenceSession.create(writers['onnx'](exported))
    expect([session.inputNames, session.outputNames]).toEqual([
      ['patches'],
      ['reconstruction', 'activations'],
    ])
    for (const batch of [1, m]) {
      const input = new Tensor('float32', patches.slice(0, batch * n), [batch, n])
      const { reconstruction, activations } = await session.run({ patches: input })
      expect([reconstruction.dims, activations.dims]).toEqual([
        [batch, n],
        [batch, h],
      ])
      const right = forward(exported.weights, exported.config, patches, batch)
      expect(largestDifference(reconstruction.data as Float32Array, right.reconstructions)).toBeLessThan(1e-6)
      expect(largestDifference(activations.data as Float32Array, right.activations)).toBeLessThan(1e-6)
    }
    await session.release()
  })

  test('refuses patches of another size', async () => {
    const session = await InferenceSession.create(writers['onnx'](trained()))
    await expect(
      session.run({ patches: new Tensor('float32', new Float32Array(8), [1, 8]) }),
    ).rejects.toThrow()
    await session.release()
  })
})

const scipy = pythonWith('scipy.io')

describe.skipIf(!scipy)('SciPy', () => {
  test('reads our .mat: matrices, columns and the settings', () => {
    const exported = exportedOf(3, 4)
    const seen = JSON.parse(
      scipy!.run(
        `
import json, sys, scipy.io
f = scipy.io.loadmat(sys.argv[1])
print(json.dumps({
  'shapes': {k: list(v.shape) for k, v in f.items() if not k.startswith('__')},
  'types': sorted({str(v.dtype) for k, v in f.items() if k in ('W1', 'W2', 'b1', 'b2', 'rhoHat')}),
  'W1': f['W1'].tolist(), 'b2': f['b2'].tolist(), 'config': f['config'][0],
}))`,
        write('mat', exported),
      ),
    ) as Record<string, unknown>
    expect(seen).toEqual({
      shapes: { W1: [3, 4], b1: [3, 1], W2: [4, 3], b2: [4, 1], rhoHat: [3, 1], config: [1] },
      types: ['float64'],
      W1: [0, 1, 2].map((row) => Array.from(exported.weights.W1.subarray(4 * row, 4 * row + 4))),
      b2: Array.from(exported.weights.b2, (value) => [value]),
      config: JSON.stringify(exported.config),
    })
  })

  test.each(['True', 'False'])('writes .mat that we read, compressed: %s', async (compressed) => {
    const file = path.join(makeFolder(), 'w.mat')
    const { config } = exportedOf(3, 4)
    scipy!.run(
      `
import sys, numpy as np, scipy.io
W1 = np.arange(12).reshape(3, 4) / 8
scipy.io.savemat(sys.argv[1], {'other': {'a': [1, 'b']}, 'cells': np.array(['x', 2], dtype=object), 'W1': W1,
  'W2': W1.T.astype('f4'), 'b1': np.array([1, 2, 3], 'i2'), 'b2': np.ones((4, 1)), 'rhoHat': np.full((3, 1), .25),
  'config': sys.argv[2]}, do_compression=${compressed})`,
      file,
      JSON.stringify(config),
    )
    const read = await readWeights(file)
    expect(read.weights).toEqual({
      visible: 4,
      hidden: 3,
      W1: ramp(12),
      W2: Float32Array.from({ length: 12 }, (_, i) => (Math.floor(i / 3) + 4 * (i % 3)) / 8),
      b1: Float32Array.of(1, 2, 3),
      b2: new Float32Array(4).fill(1),
    })
    expect(read.rhoHat).toEqual(new Float32Array(3).fill(0.25))
    expect(read.config).toEqual(config)
  })

  test('writes a compressed bomb that is refused before it is unpacked', async () => {
    const file = path.join(makeFolder(), 'w.mat')
    scipy!.run(
      `
import sys, numpy as np, scipy.io
z = np.zeros((3000, 3000))
scipy.io.savemat(sys.argv[1], {'W1': z, 'W2': np.zeros((3, 3000)), 'b1': np.zeros(3), 'b2': np.zeros(3)}, do_compression=True)`,
      file,
    )
    const before = process.memoryUsage().arrayBuffers
    await expect(readWeights(file)).rejects.toThrow(/W2 in w\.mat has shape 3 × 3000/)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20)
  })
})

const hasOctave = spawnSync('octave-cli', ['--version']).status === 0
if (!hasOctave) missing('octave-cli is not installed here')

function octave(folder: string, code: string): string {
  const { status, stdout, stderr } = spawnSync('octave-cli', ['--quiet', '--eval', code], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
  return stdout.trim()
}

describe.skipIf(!hasOctave)('Octave', () => {
  test.each(models)('gives patches back with our snippet for MATLAB: %j', (config) => {
    const exported = trained(config)
    const folder = makeFolder()
    writeFileSync(path.join(folder, 'reconstruct.m'), snippets.matlab)
    writeFileSync(path.join(folder, 'weights.mat'), writers['mat'](exported))
    const columns = Array.from({ length: m }, (_, i) => patches.slice(i * n, (i + 1) * n).join(' ')).join(';')
    const printed = octave(
      folder,
      `[r, a] = reconstruct('weights.mat', [${columns}]'); printf('%.12g ', r, a);`,
    )
    const right = forward(exported.weights, exported.config, patches, m)
    const numbers = printed.split(' ').map(Number)
    expect(largestDifference(numbers, [...right.reconstructions, ...right.activations])).toBeLessThan(1e-9)
  })

  test.each(['-v6', '-v7'])('writes with save %s what we read', async (version) => {
    const folder = makeFolder()
    octave(
      folder,
      `W1 = reshape(0:11, 4, 3)' / 8; W2 = single(W1'); b1 = int8([1; 2; 3]); b2 = ones(1, 4); s.x = {1, 'a'};
       f = sparse(eye(3)); config = '${JSON.stringify(exportedOf(3, 4).config)}';
       save('${version}', 'w.mat', 's', 'f', 'W1', 'W2', 'b1', 'b2', 'config');`,
    )
    const { weights, config } = await readWeights(path.join(folder, 'w.mat'))
    expect(weights).toMatchObject({
      W1: ramp(12),
      b1: Float32Array.of(1, 2, 3),
      b2: Float32Array.of(1, 1, 1, 1),
    })
    expect(weights.W2.slice(0, 3)).toEqual(Float32Array.of(0, 0.5, 1))
    expect(config).toEqual(exportedOf(3, 4).config)
  })
})

const python = pythonWith('struct', 'json')

describe.skipIf(!python)('safetensors, by its published format', () => {
  // https://github.com/huggingface/safetensors#format, read with Python's own struct and json.
  test('has contiguous tensors that fill the buffer, aligned, and metadata of strings', () => {
    const exported = exportedOf(3, 4)
    const seen = JSON.parse(
      python!.run(
        `
import json, struct, sys
data = open(sys.argv[1], 'rb').read()
(length,) = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + length].decode('utf-8'))
metadata = header.pop('__metadata__')
assert all(isinstance(k, str) and isinstance(v, str) for k, v in metadata.items())
buffer = data[8 + length:]
end = 0
values = {}
for name, tensor in sorted(header.items(), key=lambda item: item[1]['data_offsets']):
    begin, stop = tensor['data_offsets']
    assert begin == end and set(tensor) == {'dtype', 'shape', 'data_offsets'} and tensor['dtype'] == 'F32'
    end = stop
    values[name] = list(struct.unpack('<%df' % ((stop - begin) // 4), buffer[begin:stop]))
assert end == len(buffer) and (8 + length) % 8 == 0 and data[8:9] == b'{'
print(json.dumps({'shapes': {k: v['shape'] for k, v in header.items()}, 'values': values, 'config': json.loads(metadata['config'])}))`,
        write('safetensors', exported),
      ),
    ) as Record<string, unknown>
    const { W1, W2, b1, b2 } = exported.weights
    expect(seen).toEqual({
      shapes: {
        'encoder.weight': [3, 4],
        'encoder.bias': [3],
        'decoder.weight': [4, 3],
        'decoder.bias': [4],
      },
      values: {
        'encoder.weight': [...W1],
        'encoder.bias': [...b1],
        'decoder.weight': [...W2],
        'decoder.bias': [...b2],
      },
      config: exported.config,
    })
  })
})

describe('snippets give patches back as the network does', () => {
  /** What the snippet prints: half the mean squared error, and the mean activation. */
  function expected(exported: ExportedWeights): number[] {
    const { reconstructions, activations } = forward(exported.weights, exported.config, patches, m)
    const squares = reconstructions.reduce((sum, value, i) => sum + (value - patches[i]) ** 2, 0)
    return [squares / (2 * m), activations.reduce((sum, value) => sum + value, 0) / activations.length]
  }

  function expectPrinted(printed: string, exported: ExportedWeights): void {
    const numbers = [...printed.matchAll(/: ([\d.e+-]+)/g)].map(([, number]) => Number(number))
    expect(largestDifference(numbers, expected(exported))).toBeLessThan(1e-6)
  }

  function patchesFile(): string {
    const file = path.join(makeFolder(), 'patches.npy')
    writeFileSync(file, formatNpy([m, n], patches))
    return file
  }

  const numpy = pythonWith('numpy')
  test.skipIf(!numpy).each(models)('NumPy: %j', (config) => {
    const exported = trained(config)
    expectPrinted(numpy!.run(snippets.numpy, write('npz', exported), patchesFile()), exported)
  })

  const torch = pythonWith('torch', 'numpy')
  test.skipIf(!torch).each(models)('PyTorch: %j', (config) => {
    const exported = trained(config)
    expectPrinted(torch!.run(snippets.pytorch, write('safetensors', exported), patchesFile()), exported)
  })
})
