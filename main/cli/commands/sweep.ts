import { Option } from 'commander'
import { findDataset } from '#db/queries/datasets.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError } from '#shared/domain/labError.ts'
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
import { toNumber } from '../text.ts'
import { version } from '../version.ts'

interface Options extends ConfigOptions {
  dataset: string
  grid?: SweepAxis[]
  random?: number
  drawSeed: number
  halving?: boolean
  eta: number
  firstIterations?: number
  repeats: number
  measure?: SweepMeasure
  parallel: number
  name?: string
}

export const sweepCommand = addOptimiserOptions(
  addHyperparameterOptions(
    labCommand<Options>(
      'sweep',
      'train a dataset with all combinations of some settings, or with random ones, and say which is best',
      (_args, options, context) => {
        const sweep = sweepFrom(options)
        const library = context.library()
        const dataset = findDataset(library, options.dataset)
        return carryOutSweep(context, options.parallel, (sweeps) =>
          sweeps.start({
            name: options.name ?? '',
            datasetId: dataset.id,
            sweep,
            appVersion: version,
            machine: describeMachine(),
          }),
        )
      },
    ),
  ),
)
  .requiredOption('--dataset <id|name>', 'what to train on')
  .option(
    '--grid <values>',
    'what varies: rho=.01,.05 or lambda=1e-5..1e-3:log:5 or hidden=20..100:5; may be given again',
    collectGrid,
  )
  .option('--random <count>', 'so many random configurations within --grid instead of all', toNumber)
  .option('--draw-seed <number>', 'seed of the random configurations', toNumber, 1)
  .option(
    '--halving',
    'stop the worse ones early: all go to a first comparison, the best one in eta on to eta times as many iterations',
  )
  .option('--eta <number>', 'successive halving: one in how many goes on', toNumber, 3)
  .option(
    '--first-iterations <count>',
    'successive halving: iterations before the first comparison (default: so that about one is trained to the end)',
    toNumber,
  )
  .option('--repeats <seeds>', 'seeds for each configuration, from --seed on', toNumber, 1)
  .addOption(
    new Option(
      '--measure <name>',
      'what counts (default: validation where patches are held out, reconstruction where rho, lambda or beta vary, ' +
        'since these are weights within the cost, else cost)',
    ).choices(sweepMeasures),
  )
  .addOption(parallelOption())
  .option('--name <name>', "the sweep's name")

/** @throws LabError badUsage without --grid; badInput for nonsense */
function sweepFrom(options: Options): Sweep {
  const axes = options.grid ?? []
  if (axes.length === 0) {
    throw new LabError('badUsage', 'A sweep must vary something: name values, such as --grid rho=.01,.05.')
  }
  const base = configFrom(options)
  const { random, drawSeed, repeats, eta } = options
  const sweep = parseInput(sweepSchema, {
    base,
    axes,
    strategy: random === undefined ? { kind: 'grid' } : { kind: 'random', count: random, seed: drawSeed },
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
  const halved = parseInput(sweepSchema, { ...sweep, halving: { eta, firstIterations } })
  planSweep(halved)
  return halved
}
