import { readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { workloads } from '#main/bench/workloads.ts'
import packageJson from '../../package.json' with { type: 'json' }
import { probeEngines } from '#main/engine/engines.ts'
import { describeMachine } from '#main/session/machine.ts'
import { compareShape, type CompareOptions } from './compareShape.ts'
import { peerVersion, type PeerKind } from './peer.ts'
import { formatReport, insertReport, type Report } from './report.ts'
import { measureScaling } from './scaling.ts'

/**
 * The lab's engines against NumPy, SciPy and PyTorch on the same patches from the same start.
 *
 *     node test/bench/compare.ts [--rounds 9] [--run-rounds 3] [--iterations 400] [--shape 64-25]… [--no-runs]
 *                                [--engine onnx]… [--longest-run 180] [--scaling] [--json FILE] [--write]
 *
 * `--write` puts the report into docs/performance.md and docs/performance.json.
 */
const { values: given } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    'run-rounds': { type: 'string', default: '3' },
    iterations: { type: 'string', default: '400' },
    'longest-run': { type: 'string', default: '180' },
    shape: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    'no-runs': { type: 'boolean', default: false },
    scaling: { type: 'boolean', default: false },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

/** With more than this going on, times say little. */
const quietLoad = 0.3
const [load] = os.loadavg()
const say = (text: string) => void process.stderr.write(`${text}\n`)
if (load > quietLoad) {
  say(`The machine is busy (load ${load.toFixed(2)}); these times are not worth keeping.`)
  if (given.write) {
    say(`Nothing is written: wait until the load is below ${quietLoad} and start again.`)
    process.exit(1)
  }
}

// The reference is for checking, not for speed.
const engines = (await probeEngines())
  .filter(({ available, engine }) => available && engine !== 'reference')
  .map(({ engine }) => engine)
  .filter((engine) => !given.engine || given.engine.includes(engine))
const kinds: readonly PeerKind[] = ['numpy64', 'numpy32', 'torch']
const found = new Map(kinds.map((kind) => [kind, peerVersion(kind)]))
for (const [kind, version] of found)
  if (version === null) say(`${kind} is not on this machine and is left out.`)

const options: CompareOptions = {
  engines,
  peers: kinds.filter((kind) => found.get(kind) !== null),
  peerThreads: [...new Set([1, os.availableParallelism()])],
  rounds: Number(given.rounds),
  runRounds: Number(given['run-rounds']),
  iterations: given['no-runs'] ? 0 : Number(given.iterations),
  longestRunMs: 1000 * Number(given['longest-run']),
  say,
}
const report: Report = {
  machine: describeMachine(),
  versions: [
    `Node ${process.versions.node}`,
    `ONNX Runtime ${packageJson.dependencies['onnxruntime-node']}`,
    `gpu.js ${packageJson.dependencies['gpu.js']}`,
    ...new Set([...found.values()].filter((version) => version !== null)),
  ],
  date: new Date().toISOString().slice(0, 10),
  load,
  rounds: options.rounds,
  runRounds: options.runRounds,
  iterations: options.iterations,
  shapes: [],
  scaling: [],
}
for (const workload of workloads) {
  if (given.shape && !given.shape.includes(workload.name.replace('→', '-'))) continue
  report.shapes.push(await compareShape(workload, options))
}
if (given.scaling) report.scaling = await measureScaling(engines, say)

const text = formatReport(report)
console.log(text)
const json = JSON.stringify(report, null, 2)
if (given.json !== undefined) await writeFile(given.json, `${json}\n`)
if (given.write) {
  const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
  await writeFormatted(page, insertReport(await readFile(page, 'utf8'), text))
  await writeFormatted(page.replace(/md$/, 'json'), json)
}

async function writeFormatted(file: string, content: string): Promise<void> {
  await writeFile(file, await format(content, { ...(await resolveConfig(file)), filepath: file }))
}
