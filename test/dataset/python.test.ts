import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { PatchMatrix } from '#main/dataset/array/arrayData.ts'
import { readArray } from '#main/dataset/array/readArray.ts'
import { importArray } from '#main/dataset/importArray.ts'
import { normalise } from '#main/dataset/normalise/normalise.ts'
import { powerSpectrum } from '#main/dataset/statistics/powerSpectrum.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import { createRandom } from '#shared/random/random.ts'
import { pythonWith } from '../export/python.ts'

// What others compute and write, made on the spot.
const python = pythonWith('numpy', 'scipy.io')

const folder = mkdtempSync(path.join(tmpdir(), 'rho-lab-python-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => path.join(folder, name)

const run = (code: string) =>
  python!.run(`import os, numpy as np\nos.chdir(${JSON.stringify(folder)})\n${code}`)

/** Patches whose pixels depend on each other. */
function correlated(m: number, n: number): Float32Array {
  const random = createRandom(3)
  const values = Float32Array.from({ length: m * n }, () => random.normal())
  for (let i = 1; i < values.length; i++) values[i] = 0.8 * values[i - 1] + 0.2 * values[i]
  return values
}

describe.skipIf(!python)('files that SciPy and NumPy write', () => {
  it.each([true, false])('IMAGES.mat as large as the course’s (compressed: %s)', async (isCompressed) => {
    run(`
import scipy.io
r, c, k = np.ogrid[:512, :512, :10]
scipy.io.savemat('IMAGES.mat', {'IMAGES': ((r * 7 + c * 3 + k * 11) % 101) / 10 - 5}, do_compression=${isCompressed ? 'True' : 'False'})`)
    const draft = await importArray(file('IMAGES.mat'), {
      sampling: { ...defaultSampling, normalisation: { kind: 'none' } },
    })
    expect(draft).toMatchObject({ kind: 'images', m: 10_000, n: 64 })
    expect(draft.images).toHaveLength(10)
    for (let row = 0; row < 10_000; row += 97) {
      const [k, x, y] = draft.positions!.subarray(row * 3, row * 3 + 3)
      for (let i = 0; i < 64; i++) {
        const value = (((y + (i >> 3)) * 7 + (x + (i % 8)) * 3 + k * 11) % 101) / 10 - 5
        expect(draft.patches[row * 64 + i]).toBe(Math.fround(value))
      }
    }
  })

  it.each(['f4', 'f8', 'u1', 'i2', 'u2', 'i4'])('a .mat of %s', async (type) => {
    run(`
import scipy.io
scipy.io.savemat('X.mat', {'X': (np.arange(12).reshape(3, 4) * 5).astype('${type}')})`)
    const { m, n, values } = (await readArray(file('X.mat'), {}, { channels: 1, seed: 1 })) as PatchMatrix
    const scale = { u1: 1 / 255, u2: 1 / 65_535 }[type] ?? 1
    expect([m, n]).toEqual([3, 4])
    expect(values).toEqual(Float32Array.from({ length: 12 }, (_, i) => i * 5 * scale))
  })

  it.each(['savez', 'savez_compressed'])('a .npz by %s, of 20 000 patches', async (save) => {
    run(
      `np.${save}('big.npz', patches=(np.arange(20000 * 64).reshape(20000, 64) % 1000) / 1000, y=np.arange(3))`,
    )
    const { m, values } = (await readArray(file('big.npz'), {}, { channels: 1, seed: 1 })) as PatchMatrix
    expect(m).toBe(20_000)
    expect(values.every((value, i) => value === Math.fround((i % 1000) / 1000))).toBe(true)
  })

  it('a table by savetxt', async () => {
    run(`np.savetxt('X.csv', np.sin(np.arange(600)).reshape(20, 30), delimiter=',')`)
    const { m, n, values } = (await readArray(file('X.csv'), {}, { channels: 1, seed: 1 })) as PatchMatrix
    expect([m, n]).toEqual([20, 30])
    values.forEach((value, i) => expect(value).toBeCloseTo(Math.sin(i), 6))
  })
})

describe.skipIf(!python)('what NumPy computes', () => {
  const [m, n] = [500, 16]

  /** As the UFLDL tutorial has it: covariance of mean-free patches, its eigenvectors, 1/√(λ + ε). */
  it.each([
    ['zca', { kind: 'zca', epsilon: 0.01 }],
    ['zca, mean of each value', { kind: 'zca', epsilon: 0.01, mean: 'value' }],
    ['pca, all components', { kind: 'pca', epsilon: 0.01, keptVariance: 1 }],
    ['pca, 90 %', { kind: 'pca', epsilon: 0.01, keptVariance: 0.9 }],
  ] as const)('whitening: %s', (_what, normalisation) => {
    const patches = correlated(m, n)
    writeFileSync(file('raw.npy'), formatNpy([m, n], patches))
    const { whitening, whiteningStatistics } = normalise(patches, m, n, normalisation)
    writeFileSync(file('matrix.npy'), formatNpy([n, n], whitening!))
    writeFileSync(file('whitened.npy'), formatNpy([m, n], patches))
    // The course's linearDecoderExercise: patches − mean(patches, 2), which holds a patch in each column.
    const axis = 'mean' in normalisation ? 0 : 1
    const keep = normalisation.kind === 'pca' ? normalisation.keptVariance : 1
    const said = JSON.parse(
      run(`
import json
X = np.load('raw.npy').astype('f8'); X -= X.mean(axis=${axis}, keepdims=True)
values, U = np.linalg.eigh(np.cov(X.T, bias=True)); values, U = values[::-1].clip(0), U[:, ::-1]
k = int(np.searchsorted(np.cumsum(values) / values.sum(), ${keep}) + 1) if ${keep} < 1 else ${n}
scale = 1 / np.sqrt(values + 0.01) * (np.arange(${n}) < k)
M, Y = np.load('matrix.npy').astype('f8'), np.load('whitened.npy').astype('f8')
if '${normalisation.kind}' == 'zca':
  expected = X @ (U * scale) @ U.T
else:
  expected = X @ (U * scale)
  # The sign of an eigenvector is anybody's choice.
  expected *= np.where((expected * Y).sum(axis=0) < 0, -1, 1)
print(json.dumps({
  'patches': np.abs(Y - expected).max(), 'matrix': np.abs(X @ M - Y).max(), 'components': k,
  'eigenvalues': np.abs(values - ${JSON.stringify(whiteningStatistics!.eigenvalues)}).max(),
  'kept': values[:k].sum() / values.sum(), 'empty': float(np.abs(Y[:, k:]).max(initial=0))}))`),
    ) as Record<string, number>
    expect(said.patches).toBeLessThan(1e-4)
    expect(said.matrix).toBeLessThan(1e-4)
    expect(said.eigenvalues).toBeLessThan(1e-9)
    expect(whiteningStatistics!.components).toBe(said.components)
    expect(whiteningStatistics!.keptVariance).toBeCloseTo(said.kept, 9)
    if (normalisation.kind === 'pca') expect(said.empty).toBe(0)
  })

  it.each([
    [8, 1],
    [7, 1],
    [5, 3],
  ] as const)('the power spectrum of patches of %i pixels and %i channels', (patchSize, channels) => {
    const width = patchSize * patchSize * channels
    const patches = correlated(300, width)
    writeFileSync(file('patches.npy'), formatNpy([300, width], patches))
    const expected = JSON.parse(
      run(`
import json
p = ${patchSize}
X = np.load('patches.npy').astype('f8').reshape(300, p, p, ${channels})
X -= X.mean(axis=(1, 2), keepdims=True)
P = (np.abs(np.fft.fft2(X, axes=(1, 2))) ** 2 / p ** 2).mean(axis=(0, 3))
f = np.abs(np.fft.fftfreq(p) * p)
rings = np.floor(np.hypot(f[:, None], f[None, :]) + 0.5)
print(json.dumps([P[rings == k].mean() for k in range(1, p // 2 + 1)]))`),
    ) as number[]
    const power = powerSpectrum(patches, 300, { patchSize, channels })
    expect(power).toHaveLength(expected.length)
    power.forEach((value, k) => expect(value).toBeCloseTo(expected[k], 9))
  })
})
