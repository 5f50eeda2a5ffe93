import { findDataset } from '#db/queries/datasets.ts'
import { insertRun } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { describeMachine } from '#main/session/machine.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { DatasetSummary } from '#shared/domain/dataset.ts'
import type { Weights } from '#shared/domain/run.ts'
import { thetaFromWeights } from '#shared/model/theta.ts'
import { labCommand } from '../command.ts'
import {
  addHyperparameterOptions,
  addOptimiserOptions,
  configFrom,
  type ConfigOptions,
} from '../configOptions.ts'
import { carryOut } from '../carryOut.ts'
import { collect } from '../text.ts'
import { version } from '../version.ts'

interface Options extends ConfigOptions {
  dataset: string
  init?: string
  name?: string
  tag?: string[]
}

export const trainCommand = addOptimiserOptions(
  addHyperparameterOptions(
    labCommand<Options>(
      'train',
      'train a sparse autoencoder on a dataset',
      async (_args, options, context) => {
        const init = options.init === undefined ? null : (await readWeights(options.init)).weights
        // The weights' own size is what they were made for; asking for another is refused below.
        const config = configFrom(
          options,
          init && options.hidden === undefined ? { hidden: init.hidden } : {},
        )
        const library = context.library()
        const dataset = findDataset(library, options.dataset)
        if (init) checkFit(init, dataset, config.hidden, options.init!)
        const runId = insertRun(library, {
          name: options.name ?? `${dataset.name} h${config.hidden}`,
          datasetId: dataset.id,
          config,
          preset: options.preset ?? null,
          tags: options.tag ?? [],
          appVersion: version,
          machine: describeMachine(),
        })
        if (init)
          await writeSnapshot(
            library,
            runId,
            0,
            Float32Array.from(thetaFromWeights(init)),
            new Float32Array(init.hidden),
          )
        return carryOut(runId, context)
      },
    ),
  ),
)
  .requiredOption('--dataset <id|name>', 'what to train on')
  .option('--init <file>', 'start from weights in any format that export writes, instead of random ones')
  .option('--name <name>', "the run's name")
  .option('--tag <tag>', 'a tag for the run; may be given again', collect)

function checkFit(weights: Weights, dataset: DatasetSummary, hidden: number, file: string) {
  if (weights.visible === dataset.visible && weights.hidden === hidden) return
  throw new LabError(
    'shape',
    `${file} holds ${weights.visible} → ${weights.hidden} units; this run needs ${dataset.visible} → ${hidden}. ` +
      'Take weights of that size, or leave out --init.',
  )
}
