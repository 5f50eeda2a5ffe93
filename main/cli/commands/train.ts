import { findDataset } from '#db/queries/datasets.ts'
import { findRun, insertRun } from '#db/queries/runs.ts'
import { findWeights, insertRunWith, type WeightsSource } from '#main/export/startingWeights.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labCommand, type Context } from '../command.ts'
import {
  addHyperparameterOptions,
  addOptimiserOptions,
  configFrom,
  type ConfigOptions,
} from '../configOptions.ts'
import { carryOut } from '../carryOut.ts'
import { inReader } from '../reader/openReader.ts'
import { collect, toCount } from '../text.ts'
import { version } from '../version.ts'
import { warnOfUnreachable } from '../warnOfUnreachable.ts'

interface Options extends ConfigOptions {
  dataset: string
  init?: string
  initRun?: string
  initIteration?: number
  name?: string
  tag?: string[]
}

export const trainCommand = addOptimiserOptions(
  addHyperparameterOptions(
    labCommand<Options>(
      'train',
      'train a sparse autoencoder on a dataset',
      async (_args, options, context) => {
        const library = context.library()
        const source = weightsSource(options, context)
        const dataset = findDataset(library, options.dataset)
        const found =
          source &&
          (await findWeights(library, source, inReader('readWeights', context.interrupted), {
            hidden: options.hidden,
            visible: [dataset.visible],
          }))
        // The weights' own size is what they were made for; asking for another is refused.
        const own = found && options.hidden === undefined ? { hidden: found.weights.hidden } : {}
        const config = configFrom(options, own)
        warnOfUnreachable(library, [{ config, datasetId: dataset.id }])
        const run = {
          name: options.name ?? `${dataset.name} h${config.hidden}`,
          datasetId: dataset.id,
          config,
          preset: options.preset ?? null,
          tags: options.tag ?? [],
          appVersion: version,
          machine: describeMachine(),
        }
        const runId = found ? await insertRunWith(library, run, found) : insertRun(library, run)
        return carryOut(runId, context)
      },
    ),
  ),
)
  .requiredOption('--dataset <id|name>', 'what to train on')
  .option('--init <file>', 'start from weights in any format that export writes, instead of random ones')
  .option('--init-run <run>', "start from another run's final weights")
  .option('--init-iteration <number>', 'with --init-run: from its snapshot at that iteration', toCount)
  .option('--name <name>', "the run's name")
  .option('--tag <tag>', 'a tag for the run; may be given again', collect)

function weightsSource({ init, initRun, initIteration }: Options, context: Context): WeightsSource | null {
  if (init !== undefined && initRun !== undefined) {
    throw new LabError('badUsage', 'A run starts from one set of weights. Give --init or --init-run.')
  }
  if (initIteration !== undefined && initRun === undefined) {
    throw new LabError('badUsage', '--init-iteration is of a run. Name it with --init-run.')
  }
  if (init !== undefined) return { kind: 'file', path: init }
  if (initRun === undefined) return null
  return { kind: 'run', runId: findRun(context.library(), initRun).id, iteration: initIteration ?? null }
}
