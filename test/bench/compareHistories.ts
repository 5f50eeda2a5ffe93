import { writeFile } from 'node:fs/promises'
import { reproducing } from '#main/engine/engine.ts'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { importImages } from '#main/dataset/importImages.ts'
import { generateDataset } from '#main/dataset/generate/generateDataset.ts'
import { onnxEngine } from '#main/engine/onnx/onnxEngine.ts'
import { createTrainer } from '#main/session/createTrainer.ts'
import { defaultSampling, type Sampling } from '#shared/domain/dataset.ts'
import { presets, type Preset } from '#shared/domain/presets.ts'
import { initialTheta } from '#shared/model/theta.ts'

/**
 * Final cost and time of L-BFGS with different numbers of pairs, from the same starts on the same patches, by preset.
 *
 *     node test/bench/compareHistories.ts [--preset edges]… [--history 20]… [--seeds 5] [--iterations 400]
 *                                         [--rho .05] [--lambda 1e-5] [--images FOLDER] [--json FILE]
 *
 * ONNX Runtime computes on one thread; time is the processor's, so that other programs disturb it little. Numbers of
 * pairs take turns on each seed.
 */
const { values: given } = parseArgs({
  options: {
    preset: { type: 'string', multiple: true },
    history: { type: 'string', multiple: true, default: ['20', '50', '100'] },
    seeds: { type: 'string', default: '5' },
    iterations: { type: 'string', default: '400' },
    rho: { type: 'string' },
    lambda: { type: 'string' },
    images: { type: 'string', default: fileURLToPath(new URL('../fixtures/photos', import.meta.url)) },
    json: { type: 'string' },
  },
})
/** As seeds were mixed when docs/performance.md was measured. */
const streams = 'shared'
const histories = given.history.map(Number)
const seeds = Array.from({ length: Number(given.seeds) }, (_, k) => k + 1)

interface Ended {
  seed: number
  history: number
  cost: number
  evaluations: number
  /** Of the processor. */
  seconds: number
}

async function patchesFor({ data }: Preset) {
  const { patchSize, channels, patches, normalisation, kind } = data
  const sampling: Sampling = { ...defaultSampling, streams, patchSize, channels, patches, normalisation }
  return kind === 'noise' ? generateDataset('noise', { sampling }) : importImages(given.images, { sampling })
}

async function compare(preset: Preset): Promise<Ended[]> {
  const { patches, m, n } = await patchesFor(preset)
  const config = {
    ...preset.config,
    ...(given.rho ? { rho: Number(given.rho) } : {}),
    ...(given.lambda ? { lambda: Number(given.lambda) } : {}),
  }
  const shape = { m, n, h: config.hidden, batch: m }
  const engine = await onnxEngine.create(shape, { ...config, hyper: config, threads: 1 })
  await engine.setExamples(reproducing(patches))
  const ended: Ended[] = []
  for (const seed of seeds) {
    for (const history of histories) {
      const before = process.cpuUsage()
      const trainer = await createTrainer(
        engine,
        shape,
        { ...config, history },
        initialTheta(shape, { seed, streams }),
      )
      await trainer.start()
      for (let k = 0; k < Number(given.iterations); k++) {
        const { outcome } = await trainer.iterate()
        if (outcome !== null) break
      }
      const { user, system } = process.cpuUsage(before)
      const { cost, evaluations } = trainer.current()
      ended.push({ seed, history, cost, evaluations, seconds: (user + system) / 1e6 })
      process.stderr.write(`${preset.id}: ${JSON.stringify(ended.at(-1))}\n`)
    }
  }
  await engine.dispose()
  return ended
}

const median = (values: number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2
}

const results: Record<string, Ended[]> = {}
console.log(
  '| preset | shape | pairs | final cost, median | lowest | highest | cost against the first, by seed | CPU s, median |',
)
console.log('| --- | --- | --: | --: | --: | --: | --: | --: |')
for (const preset of presets) {
  if (given.preset && !given.preset.includes(preset.id)) continue
  const ended = await compare(preset)
  results[preset.id] = ended
  const costsOf = (history: number) => ended.filter((run) => run.history === history).map(({ cost }) => cost)
  const first = costsOf(histories[0])
  for (const history of histories) {
    const costs = costsOf(history)
    const seconds = ended.filter((run) => run.history === history).map((run) => run.seconds)
    const ratio = median(costs.map((cost, k) => cost / first[k])) - 1
    const shape = `${preset.data.patchSize ** 2 * preset.data.channels}→${preset.config.hidden}`
    console.log(
      `| ${preset.id} | ${shape} | ${history} | ${median(costs).toFixed(5)} | ${Math.min(...costs).toFixed(5)} | ` +
        `${Math.max(...costs).toFixed(5)} | ${(100 * ratio).toFixed(2)} % | ${median(seconds).toFixed(2)} |`,
    )
  }
}
if (given.json) await writeFile(given.json, JSON.stringify(results, null, 1))
