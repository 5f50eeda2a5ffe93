import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { engineContender, type RunTiming } from '#main/bench/engineContender.ts'
import { interleave, median, type Contender } from '#main/bench/interleave.ts'
import { benchPatches, gradientFlops, type Workload } from '#main/bench/workloads.ts'
import { formatNpy } from '#main/dataset/npy.ts'
import { chooseEngine } from '#main/engine/engines.ts'
import type { EngineName } from '#shared/domain/runConfig.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { peerTitles, startPeer, type Peer, type PeerKind } from './peer.ts'

export interface CompareOptions {
  engines: readonly EngineName[]
  peers: readonly PeerKind[]
  /** Numbers of threads that each peer is tried with. */
  peerThreads: readonly number[]
  rounds: number
  runRounds: number
  /** Of a whole run; 0 for none. */
  iterations: number
  /** A run that would take longer is left out. */
  longestRunMs: number
  say(text: string): void
}

/** What one program took for one shape. */
export interface Row {
  name: string
  device: string
  /** Ours that `auto` takes: what the ratios are to. */
  auto: boolean
  gradientMs: number
  gflops: number
  /** One step of Adam; null where it was not timed. */
  stepMs: number | null
  /** `device` as above: a peer may run better with another number of threads than its gradient. */
  run: (RunTiming & { device: string; rounds: number }) | null
}

export interface ShapeResult {
  shape: string
  m: number
  why: string
  /** The five matrix products of a gradient alone, NumPy float32, at the better number of threads. */
  productsMs: number | null
  rows: Row[]
}

interface Runner {
  row: Row
  run(iterations: number): Promise<RunTiming>
}

/** Threads of other programs go on spinning for a while after their work; nobody is timed meanwhile. */
const settleMs = 120
const settled = (time: () => Promise<number>) => async () => {
  await new Promise((resolve) => setTimeout(resolve, settleMs))
  return time()
}

/** Slower gradients than this get one round of a whole run. */
const slowGradientMs = 50

export async function compareShape(workload: Workload, options: CompareOptions): Promise<ShapeResult> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rho-lab-bench-'))
  const peers: Peer[] = []
  try {
    const patches = benchPatches(workload)
    const shape = { ...workload, batch: workload.config.batch }
    const auto = await chooseEngine('auto', shape, { ...workload.config, hyper: workload.config })
    const ours = []
    for (const name of options.engines) {
      options.say(`${workload.name}: preparing ${name}`)
      ours.push(await engineContender(name, workload, patches))
    }
    for (const kind of options.peers) {
      for (const threads of options.peerThreads) peers.push(startPeer(kind, threads))
    }
    await prepare(peers, workload, patches, folder)

    options.say(`${workload.name}: gradients`)
    const gradients = await interleave(
      [
        ...ours.map(({ name, time }) => ({ name, time: settled(time) })),
        ...peers.map((peer) => ({ name: peer.kind, time: settled(() => peer.time('gradient')) })),
      ],
      options.rounds,
    )
    const numpy = peers.filter(({ kind }) => kind === 'numpy32')
    const products = await interleave(
      numpy.map((peer) => ({ name: peer.kind, time: settled(() => peer.time('products')) })),
      options.rounds,
    )
    const rowOf = (name: string, device: string, gradientMs: number, isAuto: boolean): Row => ({
      name,
      device,
      auto: isAuto,
      gradientMs,
      gflops: gradientFlops(workload) / gradientMs / 1e6,
      stepMs: null,
      run: null,
    })
    const runners: Runner[] = ours.map(({ name, device, run }, k) => ({
      row: rowOf(name, device, gradients[k].medianMs, name === auto.factory.name),
      run,
    }))
    const best = betterThreads(
      peers,
      gradients.slice(ours.length).map(({ medianMs }) => medianMs),
    )
    for (const { peer, gradientMs } of best) {
      const row = rowOf(peerTitles[peer.kind], threadsText(peer.threads), gradientMs, false)
      runners.push({ row, run: (iterations) => peer.run(iterations) })
    }

    options.say(`${workload.name}: Adam`)
    await timeSteps(workload, patches, runners, best.find(({ peer }) => peer.kind === 'torch')?.peer, options)
    for (const contender of ours.filter(({ name }) => name === 'reference')) await contender.dispose()
    if (options.iterations > 0) await timeRuns(workload, runners, peers, options)
    for (const contender of ours.filter(({ name }) => name !== 'reference')) await contender.dispose()
    return {
      shape: workload.name,
      m: workload.m,
      why: auto.reason,
      productsMs: products.length > 0 ? Math.min(...products.map(({ medianMs }) => medianMs)) : null,
      rows: runners.map(({ row }) => row),
    }
  } finally {
    for (const peer of peers) peer.close()
    await rm(folder, { recursive: true, force: true })
  }
}

const threadsText = (threads: number) => (threads === 1 ? '1 thread' : `${threads} threads`)

/** All start from the same patches and the same parameters. */
async function prepare(
  peers: readonly Peer[],
  { m, n, h, config }: Workload,
  patches: Float32Array,
  folder: string,
) {
  const patchesPath = path.join(folder, 'patches.npy')
  const thetaPath = path.join(folder, 'theta.npy')
  const theta = initialTheta({ n, h }, config)
  await writeFile(patchesPath, formatNpy([m, n], patches))
  await writeFile(thetaPath, formatNpy([theta.length], theta))
  for (const peer of peers) await peer.prepare(patchesPath, thetaPath, config)
}

/** Of each kind of peer the one whose number of threads suits it better. */
function betterThreads(
  peers: readonly Peer[],
  medians: readonly number[],
): { peer: Peer; gradientMs: number }[] {
  const best = new Map<PeerKind, { peer: Peer; gradientMs: number }>()
  for (const [k, peer] of peers.entries()) {
    if (medians[k] < (best.get(peer.kind)?.gradientMs ?? Infinity)) {
      best.set(peer.kind, { peer, gradientMs: medians[k] })
    }
  }
  return [...best.values()]
}

async function timeSteps(
  workload: Workload,
  patches: Float32Array,
  runners: readonly Runner[],
  torch: Peer | undefined,
  { engines, rounds }: CompareOptions,
) {
  const adam: Workload = { ...workload, config: { ...workload.config, optimiser: 'adam' } }
  const steps = Math.ceil(workload.m / workload.config.batch)
  const ours = []
  for (const name of engines.filter((name) => name !== 'reference' && name !== 'wasm')) {
    ours.push(await engineContender(name, adam, patches))
  }
  const contenders: Contender[] = ours.map(({ name, time }) => ({ name, time: settled(time) }))
  if (torch) {
    const time = settled(async () => (await torch.time('epoch')) / steps)
    contenders.push({ name: peerTitles.torch, time })
  }
  for (const { name, medianMs } of await interleave(contenders, rounds)) {
    const runner = runners.find(({ row }) => row.name === name)
    if (runner) runner.row.stepMs = medianMs
  }
  for (const contender of ours) await contender.dispose()
}

interface TimedRun extends RunTiming {
  device: string
}

/** In the first round the peers run with every number of threads, from then on with the one that was better. */
async function timeRuns(
  workload: Workload,
  runners: readonly Runner[],
  peers: readonly Peer[],
  options: CompareOptions,
) {
  const { iterations, longestRunMs, runRounds, say } = options
  const taking = runners
    .filter(({ row }) => row.gradientMs * iterations <= longestRunMs)
    .map(({ row, run }) => {
      const own = peers.filter((peer) => peerTitles[peer.kind] === row.name)
      const ways = own.map((peer) => ({ device: threadsText(peer.threads), run: peer.run }))
      return { row, ways: ways.length > 0 ? ways : [{ device: row.device, run }], timings: [] as TimedRun[] }
    })
  for (let round = 0; round < runRounds; round++) {
    for (const runner of round % 2 === 0 ? taking : taking.toReversed()) {
      const { row, ways, timings } = runner
      if (round > 0 && row.gradientMs > slowGradientMs) continue
      say(`${workload.name}: run ${round + 1}, ${row.name}`)
      const results: { timing: TimedRun; way: (typeof ways)[number] }[] = []
      for (const way of ways) {
        await settled(async () => 0)()
        results.push({ timing: { ...(await way.run(iterations)), device: way.device }, way })
      }
      results.sort((a, b) => a.timing.elapsedMs - b.timing.elapsedMs)
      timings.push(results[0].timing)
      runner.ways = [results[0].way]
    }
  }
  for (const { row, timings } of taking) {
    const middle = median(timings.map(({ elapsedMs }) => elapsedMs))
    row.run = { ...timings[0], elapsedMs: middle, rounds: timings.length }
  }
}
