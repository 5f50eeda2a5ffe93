import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { importImages } from '#main/dataset/importImages.ts'
import { reproducing } from '#main/engine/engine.ts'
import { referenceEngine } from '#main/engine/reference/referenceEngine.ts'
import { createMiniBatchTrainer } from '#main/session/miniBatchTrainer.ts'
import { defaultSampling, generatorNames, type Sampling } from '#shared/domain/dataset.ts'
import { planSweep } from '#shared/domain/planSweep.ts'
import { defaultConfig, storedDefaults } from '#shared/domain/runConfig.ts'
import type { Sweep } from '#shared/domain/sweep.ts'
import { holdOut } from '#shared/model/holdOut.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { createStream, seedUses, type Seed } from '#shared/random/stream.ts'

const sha256 = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array) =>
  createHash('sha256')
    .update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength))
    .digest('hex')

/** Σ (found − expected)² / expected over equal bins; about bins − 1 by chance. */
function chiSquare(values: readonly number[], bins = 16): number {
  const counts = new Float64Array(bins)
  for (const value of values) counts[Math.floor(value * bins)]++
  const expected = values.length / bins
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

/** Of 15 degrees of freedom: below and above these lies one in a thousand each. Too even is no chance either. */
const [tooEven, tooUneven] = [3.48, 37.7]

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

const seeds = Array.from({ length: 4096 }, (_, seed) => seed)
const firstOf = (use: (typeof seedUses)[number], streams: Seed['streams']) =>
  seeds.map((seed) => createStream({ seed, streams }, use).uniform())

describe('the first number of neighbouring seeds', () => {
  it.each(seedUses)('is spread like chance, neither uneven nor too even: %s', (use) => {
    const found = chiSquare(firstOf(use, 'separate'))
    expect(found).toBeGreaterThan(tooEven)
    expect(found).toBeLessThan(tooUneven)
  })

  it('of shared streams was too even by far: the measure finds that', () => {
    expect(chiSquare(firstOf('weights', 'shared'))).toBeLessThan(tooEven)
  })

  it('tells nothing of the next seed, nor of the same seed used for something else', () => {
    const limit = 4 / Math.sqrt(seeds.length)
    const firsts = new Map(seedUses.map((use) => [use, firstOf(use, 'separate')]))
    for (const [use, values] of firsts) {
      expect(Math.abs(correlation(values.slice(1), values.slice(0, -1))), use).toBeLessThan(limit)
      for (const [other, others] of firsts) {
        if (use < other) expect(Math.abs(correlation(values, others)), `${use}, ${other}`).toBeLessThan(limit)
      }
    }
  })
})

describe('a noise dataset and a run from the same seed', () => {
  const size = { n: 100, h: 50 }
  /** Uniform numbers again, and what Box and Muller make of pairs of them. */
  function weightsAsNormals(seed: Seed): number[] {
    const limit = Math.sqrt(6 / (size.n + size.h + 1))
    const uniform = [...initialTheta(size, seed).subarray(0, 2 * size.n * size.h)].map(
      (weight) => (weight / limit + 1) / 2,
    )
    return uniform.flatMap((u, i) => {
      if (i % 2 === 1) return []
      const radius = Math.sqrt(-2 * Math.log(1 - u))
      const angle = 2 * Math.PI * uniform[i + 1]
      return [radius * Math.cos(angle), radius * Math.sin(angle)]
    })
  }
  async function related(streams: Seed['streams']): Promise<number> {
    const sampling: Sampling = {
      ...defaultSampling,
      patchSize: 10,
      patches: 100,
      normalisation: { kind: 'none' },
      streams,
    }
    const { patches } = await generateDataset('noise', { sampling })
    const normals = weightsAsNormals({ seed: defaultSampling.seed, streams })
    return Math.abs(correlation([...patches], normals))
  }

  it('have nothing to do with each other', async () => {
    expect(await related('separate')).toBeLessThan(4 / Math.sqrt(10_000))
  })

  it('were the same numbers when streams were shared: the measure finds that', async () => {
    expect(await related('shared')).toBeGreaterThan(0.99)
  })
})

/** As Rho Lab made them when it knew one way only; written down then. */
describe('what was made before streams were separate, by its recipe or settings, is made again bit for bit', () => {
  const { streams: _streams, jpeg: _jpeg, ...old } = { ...defaultSampling, patches: 300, seed: 3 }
  const sampling: Sampling = { ...old, normalisation: { kind: 'none' } }
  const patches = {
    noise: '012372f3277961d87f38349cc08d585e42c5577fd2bc04f1679a44c4ee175a06',
    bars: '496d3bb155b79371306e14d506e24ee0cae43a0164a0949dbbba3fbc1129c871',
    natural: 'ee9fb0b061e2e29b4b101aeed103de813d4e86681f526ba28d4a86bce390a05e',
  }

  it.each(generatorNames)('%s', async (generator) => {
    expect(sha256((await generateDataset(generator, { sampling })).patches)).toBe(patches[generator])
  })

  it('patches of photographs', async () => {
    const photos = join(import.meta.dirname, '../fixtures/photos')
    const draft = await importImages(photos, { sampling: { ...sampling, minContrast: 0.02 } })
    expect(sha256(draft.patches)).toBe('3b1b67912aaae0f03e0f6238df72d719107986d87d18a34764d5b8869fa2f7c0')
  })

  it('initial weights, and which patches are held out', () => {
    expect(sha256(initialTheta({ n: 64, h: 25 }, storedDefaults))).toBe(
      '49b8b725701fdce614773570068ae813188f97e3bf7f2753693535ede590a6bf',
    )
    const numbered = Float32Array.from({ length: 20 }, (_, i) => i)
    const { heldOut } = holdOut(numbered, 1, { m: 20, count: 6, seed: { ...storedDefaults, seed: 5 } })
    expect([...heldOut]).toEqual([13, 18, 19, 5, 7, 12])
  })

  it('three epochs of Adam', async () => {
    const config = { ...storedDefaults, optimiser: 'adam', hidden: 3, batch: 8, seed: 9 } as const
    const shape = { m: 40, n: 4, h: 3, batch: 8 }
    const engine = await referenceEngine.create(shape, { ...config, hyper: config })
    await engine.setExamples(
      reproducing(Float32Array.from({ length: 160 }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)),
    )
    const trainer = await createMiniBatchTrainer(engine, shape, config, initialTheta(shape, config))
    await trainer.start()
    for (let epoch = 0; epoch < 3; epoch++) await trainer.iterate()
    expect(trainer.current().cost).toBe(4.976057615028991)
    expect(sha256(trainer.current().theta)).toBe(
      '1eb44c455bdbabc1545e6539044617041aaebf497624876ad95b86a31cdba850',
    )
  })

  it('the draws of a random sweep', () => {
    const sweep: Sweep = {
      base: storedDefaults,
      axes: [
        { parameter: 'rho', values: { kind: 'log', from: 0.001, to: 0.1, steps: 3 } },
        { parameter: 'hidden', values: { kind: 'linear', from: 5, to: 50, steps: 3 } },
      ],
      strategy: { kind: 'random', count: 3, seed: 4 },
      halving: null,
      repeats: 1,
      measure: 'cost',
    }
    const drawn = (of: Sweep) => planSweep(of).map(({ config }) => [config.rho, config.hidden])
    expect(drawn(sweep)).toEqual([
      [0.006598, 33],
      [0.01033, 27],
      [0.01449, 15],
    ])
    const separate = { kind: 'random', count: 3, seed: 4, streams: 'separate' } as const
    expect(drawn({ ...sweep, strategy: separate })).not.toEqual(drawn(sweep))
  })

  it('while what is new says that its streams are separate', () => {
    expect([storedDefaults.streams, defaultConfig.streams, defaultSampling.streams]).toEqual([
      'shared',
      'separate',
      'separate',
    ])
  })
})
