import { elapsed, median } from '#main/bench/interleave.ts'
import { reproducing } from '#main/engine/engine.ts'
import { benchPatches } from '#main/bench/workloads.ts'
import { engineFactories } from '#main/engine/engines.ts'
import { defaultConfig, type EngineName } from '#shared/domain/runConfig.ts'
import { initialTheta } from '#shared/model/theta.ts'

/** One engine on one shape in a process of its own: `node measureEngine.ts onnx 10000 64 25`, JSON on standard output. */
const [engineName, ...sizes] = process.argv.slice(2)
const [m, n, h] = sizes.map(Number)
const rounds = 7
const longMs = 3_000

const shape = { m, n, h, batch: Math.min(256, m) }
const config = { ...defaultConfig, hidden: h }
// Where a session reads them to.
const patches = benchPatches({ m, n }, 1, new Float32Array(new SharedArrayBuffer(4 * m * n)))
const engine = await engineFactories[engineName as EngineName].create(shape, { ...config, hyper: config })
await engine.setExamples(reproducing(patches))
const theta = initialTheta(shape, { seed: 1 })
const gradient = new Float64Array(theta.length)
await engine.evaluate(theta, gradient)
const times: number[] = []
while (times.length < rounds && times.reduce((sum, time) => sum + time, 0) < longMs) {
  times.push(await elapsed(() => engine.evaluate(theta, gradient)))
}
const residentBytes = process.memoryUsage().rss
console.log(
  JSON.stringify({
    gradientMs: median(times),
    rounds: times.length,
    device: engine.describe().device,
    patchesBytes: patches.byteLength,
    residentBytes,
  }),
)
await engine.dispose()
