import { engineContender, type EngineContender } from '#main/bench/engineContender.ts'
import { interleave } from '#main/bench/interleave.ts'
import { benchPatches, gradientFlops, workloads, type Workload } from '#main/bench/workloads.ts'
import { chooseEngine, probeEngines } from '#main/engine/engines.ts'
import { matrixProductPeak } from '#main/engine/onnx/matrixPeak.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { EngineName } from '#shared/domain/runConfig.ts'
import { labCommand, type Context } from '../command.ts'
import { collect, fixed, table, toNumber } from '../text.ts'

interface Options {
  engine?: string[]
  shape?: string[]
  rounds: number
  iterations: number
  runs: boolean
}

/** Slower than this a gradient, a whole run of 400 iterations is not waited for. */
const longestGradientMs = 400

export const benchCommand = labCommand<Options>(
  'bench',
  'time every engine of this machine: one gradient and one whole run of each preset',
  async (_args, options, context) => {
    const engines = await benchEngines(options.engine)
    const shapes = workloads.filter(
      ({ name }) => !options.shape || options.shape.includes(name.replace('→', '-')),
    )
    const peak = await matrixProductPeak()
    const results = []
    for (const workload of shapes) {
      results.push(...(await benchWorkload(workload, engines, options, context, peak)))
      if (context.interrupted.aborted) break
    }
    const rows = results.map((row) => [
      row.shape,
      row.auto ? `${row.engine} (auto)` : row.engine,
      fixed(row.gradientMs, 2),
      fixed(row.gflops, 1),
      `${fixed(row.peakShare * 100, 0)}%`,
      row.run ? fixed(row.run.elapsedMs / 1000, 2) : '–',
      row.run ? row.run.evaluations : '–',
      row.run ? fixed(row.run.cost) : '–',
    ])
    const head = ['shape', 'engine', 'gradient ms', 'GFLOP/s', 'of peak', 'run s', 'evaluations', 'cost']
    const machine = describeMachine()
    return {
      json: { machine, peakGflops: peak, rounds: options.rounds, iterations: options.iterations, results },
      text: `${machine}; matrix product peak ${fixed(peak, 0)} GFLOP/s; medians of ${options.rounds} rounds.\n${table(head, rows)}`,
    }
  },
)
  .option('--engine <name>', 'only this engine; may be given again', collect)
  .option('--shape <n-h>', 'only this shape, such as 64-25; may be given again', collect)
  .option('--rounds <count>', 'interleaved rounds of one gradient', toNumber, 15)
  .option('--iterations <count>', 'iterations of a whole run', toNumber, 400)
  .option('--no-runs', 'gradients only')

async function benchEngines(wanted: string[] | undefined): Promise<EngineName[]> {
  const here = (await probeEngines()).filter(({ available }) => available).map(({ engine }) => engine)
  const missing = wanted?.find((name) => !here.some((engine) => engine === name))
  if (missing !== undefined) {
    throw new LabError('badUsage', `The engine "${missing}" is not here. Here are ${here.join(', ')}.`)
  }
  return wanted ? here.filter((engine) => wanted.includes(engine)) : here
}

async function benchWorkload(
  workload: Workload,
  engines: readonly EngineName[],
  options: Options,
  context: Context,
  peak: number,
) {
  const patches = benchPatches(workload)
  const contenders: EngineContender[] = []
  for (const engine of engines) contenders.push(await engineContender(engine, workload, patches))
  const { factory: auto } = await chooseEngine('auto', { ...workload, batch: workload.config.batch })
  context.progress.show(0, 1, `${workload.name} gradients`)
  const timings = await interleave(contenders, options.rounds)
  const results = []
  for (const [k, { name, medianMs, minMs, maxMs }] of timings.entries()) {
    const gflops = gradientFlops(workload) / medianMs / 1e6
    const engine = engines[k]
    context.progress.show(k, timings.length, `${workload.name} run, ${name}`)
    const wanted = options.runs && medianMs <= longestGradientMs && !context.interrupted.aborted
    const run = wanted ? await contenders[k].run(options.iterations) : null
    results.push({
      shape: workload.name,
      engine,
      auto: engine === auto.name,
      gradientMs: medianMs,
      minMs,
      maxMs,
      gflops,
      peakShare: gflops / peak,
      run,
    })
  }
  for (const contender of contenders) await contender.dispose()
  return results
}
