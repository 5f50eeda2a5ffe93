import { engineContender, type EngineContender, type RunTiming } from '#main/bench/engineContender.ts'
import { interleave } from '#main/bench/interleave.ts'
import { benchPatches, gradientFlops, workloads, type Workload } from '#main/bench/workloads.ts'
import { chooseEngine, probeEngines } from '#main/engine/engines.ts'
import { matrixProductPeak } from '#main/engine/onnx/matrixPeak.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError, toErrorReply } from '#shared/domain/labError.ts'
import type { EngineName } from '#shared/domain/runConfig.ts'
import { labCommand, type Context } from '../command.ts'
import { collect, fixed, table, toCount } from '../text.ts'

interface Options {
  engine?: string[]
  shape?: string[]
  rounds: number
  iterations: number
  runs: boolean
}

interface Row {
  shape: string
  engine: EngineName
  device: string
  /** Whether `auto` takes it for this shape. */
  auto: boolean
  gradientMs: number
  minMs: number
  maxMs: number
  gflops: number
  /** Of this machine's own matrix-product peak. */
  peakShare: number
  run: RunTiming | null
}

/** A whole run that would take longer is not waited for. */
const longestRunMs = 60_000

export const benchCommand = labCommand<Options>(
  'bench',
  'time every engine of this machine: one gradient and one whole run of each preset',
  async (_args, options, context) => {
    const engines = await benchEngines(options.engine)
    const shapes = benchShapes(options.shape)
    context.progress.show(0, shapes.length, 'matrix products')
    const peak = await matrixProductPeak()
    const results: Row[] = []
    const remarks: string[] = []
    for (const workload of shapes) {
      const { rows, said } = await benchWorkload(workload, engines, options, context, peak)
      results.push(...rows)
      remarks.push(...said)
      if (context.interrupted.aborted) break
    }
    const machine = describeMachine()
    return {
      json: {
        machine,
        peakGflops: peak,
        rounds: options.rounds,
        iterations: options.iterations,
        results,
        remarks,
      },
      text: [
        `${machine}; matrix product peak ${fixed(peak, 0)} GFLOP/s.`,
        `One gradient over 10 000 patches, median of ${options.rounds} interleaved rounds` +
          (options.runs ? `; one run of ${options.iterations} L-BFGS iterations.` : '.'),
        '',
        resultTable(results),
        '',
        ...remarks,
      ].join('\n'),
    }
  },
)
  .option('--engine <name>', 'only this engine; may be given again', collect)
  .option('--shape <n-h>', 'only this shape, such as 64-25; may be given again', collect)
  .option('--rounds <count>', 'interleaved rounds of one gradient', toCount, 15)
  .option('--iterations <count>', 'iterations of a whole run', toCount, 400)
  .option('--no-runs', 'gradients only')

async function benchEngines(wanted: string[] | undefined): Promise<EngineName[]> {
  const here = (await probeEngines()).filter(({ available }) => available).map(({ engine }) => engine)
  const missing = wanted?.find((name) => !here.some((engine) => engine === name))
  if (missing !== undefined) {
    throw new LabError('badUsage', `The engine "${missing}" is not here. Here are ${here.join(', ')}.`)
  }
  return wanted ? here.filter((engine) => wanted.includes(engine)) : here
}

function benchShapes(wanted: string[] | undefined): readonly Workload[] {
  if (!wanted) return workloads
  const nameOf = ({ n, h }: Workload) => `${n}-${h}`
  const missing = wanted.find((name) => !workloads.some((workload) => nameOf(workload) === name))
  if (missing !== undefined) {
    throw new LabError(
      'badUsage',
      `There is no shape "${missing}". There are ${workloads.map(nameOf).join(', ')}.`,
    )
  }
  return workloads.filter((workload) => wanted.includes(nameOf(workload)))
}

async function benchWorkload(
  workload: Workload,
  engines: readonly EngineName[],
  options: Options,
  context: Context,
  peak: number,
): Promise<{ rows: Row[]; said: string[] }> {
  const patches = benchPatches(workload)
  const said: string[] = []
  const contenders: EngineContender[] = []
  for (const engine of engines) {
    context.progress.show(contenders.length, engines.length, `${workload.name} preparing ${engine}`)
    try {
      contenders.push(await engineContender(engine, workload, patches))
    } catch (error) {
      said.push(`${workload.name}, ${engine}: ${toErrorReply(error).message}`)
    }
  }
  const shape = { ...workload, batch: workload.config.batch }
  const auto = await chooseEngine('auto', shape, { ...workload.config, hyper: workload.config })
  said.push(`${workload.name}: auto takes ${auto.factory.name}. ${auto.reason}`)

  context.progress.show(0, 1, `${workload.name} gradients`)
  const timings = await interleave(contenders, options.rounds)
  const rows: Row[] = []
  for (const [k, { medianMs, minMs, maxMs }] of timings.entries()) {
    const { name, device, run } = contenders[k]
    const gflops = gradientFlops(workload) / medianMs / 1e6
    context.progress.show(k, timings.length, `${workload.name} run, ${name}`)
    const wanted = options.runs && !context.interrupted.aborted && isWorthARun(name, medianMs, options)
    rows.push({
      shape: workload.name,
      engine: name,
      device,
      auto: name === auto.factory.name,
      gradientMs: medianMs,
      minMs,
      maxMs,
      gflops,
      peakShare: gflops / peak,
      run: wanted ? await run(options.iterations) : null,
    })
  }
  for (const contender of contenders) await contender.dispose()
  return { rows, said }
}

/** The reference is there to check by; it trains only where it is asked for by name. */
function isWorthARun(name: EngineName, gradientMs: number, { engine, iterations }: Options): boolean {
  if (name === 'reference' && !engine?.includes(name)) return false
  return gradientMs * iterations <= longestRunMs
}

function resultTable(results: readonly Row[]): string {
  const head = [
    'shape',
    'engine',
    'device',
    'gradient ms',
    'GFLOP/s',
    'of peak',
    'run s',
    'evaluations',
    'cost',
  ]
  return table(
    head,
    results.map(({ shape, engine, device, auto, gradientMs, gflops, peakShare, run }) => [
      shape,
      auto ? `${engine} (auto)` : engine,
      device,
      fixed(gradientMs, 2),
      fixed(gflops, 1),
      `${fixed(peakShare * 100, 0)}%`,
      run ? fixed(run.elapsedMs / 1000, 2) : '–',
      run ? run.evaluations : '–',
      run ? fixed(run.cost) : '–',
    ]),
  )
}
