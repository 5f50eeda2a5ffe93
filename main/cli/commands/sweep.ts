import { Option } from 'commander'
import type { Library } from '#db/library.ts'
import { findDataset } from '#db/queries/datasets.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { ParallelChoice } from '#shared/domain/queueState.ts'
import { planSweep } from '#shared/domain/planSweep.ts'
import { proposeFirstIterations } from '#shared/domain/halving.ts'
import {
  defaultMeasure,
  sweepMeasures,
  sweepSchema,
  type Sweep,
  type SweepAxis,
  type SweepMeasure,
} from '#shared/domain/sweep.ts'
import { carryOutSweep } from '../carryOutSweep.ts'
import { labCommand } from '../command.ts'
import {
  addHyperparameterOptions,
  addOptimiserOptions,
  configFrom,
  type ConfigOptions,
} from '../configOptions.ts'
import { parallelOption } from '../parallelOption.ts'
import { collectGrid } from '../parseGrid.ts'
import { parseInput } from '../parseInput.ts'
import { toCount } from '../text.ts'
import { version } from '../version.ts'
import { warnOfUnreachable } from '../warnOfUnreachable.ts'

interface Options extends ConfigOptions {
  dataset?: string
  grid?: SweepAxis[]
  random?: number
  drawSeed: number
  halving?: boolean
  eta: number
  firstIterations?: number
  repeats: number
  measure?: SweepMeasure
  parallel: ParallelChoice
  name?: string
}

export const sweepCommand = addOptimiserOptions(
  addHyperparameterOptions(
    labCommand<Options>(
      'sweep',
      'train a dataset with all combinations of some settings, or with random ones, and say which is best',
      (_args, options, context) => {
        const library = context.library()
        const axes = withDatasetIds(library, options.grid ?? [])
        const datasetId = datasetOf(library, axes, options.dataset)
        const sweep = sweepFrom(options, axes)
        warnOfUnreachable(
          library,
          planSweep(sweep).map((run) => ({ ...run, datasetId: run.datasetId ?? datasetId })),
        )
        return carryOutSweep(context, options.parallel, (sweeps) =>
          sweeps.start({
            name: options.name ?? '',
            datasetId,
            sweep,
            appVersion: version,
            machine: describeMachine(),
          }),
        )
      },
    ),
  ),
)
  .option('--dataset <id|name>', 'what to train on, where --grid dataset=… does not say')
  .option(
    '--grid <values>',
    'what varies: rho=.01,.05 or lambda=1e-5..1e-3:log:5 or hidden=20..100:5 or dataset=bars,faces; may be given again',
    collectGrid,
  )
  .option('--random <count>', 'so many random configurations within --grid instead of all', toCount)
  .option('--draw-seed <number>', 'seed of the random configurations', toCount, 1)
  .option(
    '--halving',
    'stop the worse ones early: all go to a first comparison, the best one in eta on to eta times as many iterations',
  )
  .option('--eta <number>', 'successive halving: one in how many goes on', toCount, 3)
  .option(
    '--first-iterations <count>',
    'successive halving: iterations before the first comparison (default: so that about one is trained to the end)',
    toCount,
  )
  .option('--repeats <seeds>', 'seeds for each configuration, from --seed on', toCount, 1)
  .addOption(
    new Option(
      '--measure <name>',
      'what counts (default: validation where patches are held out, reconstruction where rho, lambda or beta vary, ' +
        'since these are weights within the cost, else cost)',
    ).choices(sweepMeasures),
  )
  .addOption(parallelOption())
  .option('--name <name>', "the sweep's name")

/** Datasets go by their ids from here on; they may be named. @throws LabError notFound */
const withDatasetIds = (library: Library, axes: readonly SweepAxis[]): SweepAxis[] =>
  axes.map(({ parameter, values }) =>
    parameter === 'dataset' && values.kind === 'list'
      ? {
          parameter,
          values: { ...values, values: values.values.map((named) => findDataset(library, String(named)).id) },
        }
      : { parameter, values },
  )

/** The dataset that a sweep is listed under. @throws LabError badUsage, notFound */
function datasetOf(library: Library, axes: readonly SweepAxis[], named: string | undefined): number {
  const varied = axes.find(({ parameter }) => parameter === 'dataset')?.values
  if (named !== undefined && varied) {
    throw new LabError('badUsage', 'Name datasets by --dataset or by --grid dataset=…, not by both.')
  }
  if (varied?.kind === 'list') return Number(varied.values[0])
  if (named === undefined) {
    throw new LabError('badUsage', 'Name what to train on: --dataset NAME, or several: --grid dataset=a,b.')
  }
  return findDataset(library, named).id
}

/** @throws LabError badUsage without --grid; badInput for nonsense */
function sweepFrom(options: Options, axes: SweepAxis[]): Sweep {
  if (axes.length === 0) {
    throw new LabError('badUsage', 'A sweep must vary something: name values, such as --grid rho=.01,.05.')
  }
  const base = configFrom(options)
  const { random, drawSeed, repeats, eta } = options
  const sweep = parseInput(sweepSchema, {
    base,
    axes,
    strategy:
      random === undefined
        ? { kind: 'grid' }
        : { kind: 'random', count: random, seed: drawSeed, streams: base.streams },
    halving: null,
    repeats,
    measure:
      options.measure ??
      defaultMeasure(
        base,
        axes.map(({ parameter }) => parameter),
      ),
  })
  const count = planSweep(sweep).length / repeats
  if (!options.halving) return sweep
  const firstIterations = options.firstIterations ?? proposeFirstIterations(eta, count, base.iterations)
  const halved = parseInput(sweepSchema, { ...sweep, halving: { eta, firstIterations, careful: true } })
  planSweep(halved)
  return halved
}
