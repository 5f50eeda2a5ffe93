import { findDataset } from '#db/queries/datasets.ts'
import { gradientOnDataset } from '#main/analysis/gradientOnDataset.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, configFrom, type ConfigOptions } from '../configOptions.ts'
import { pairs, toNumber } from '../text.ts'

interface Options extends ConfigOptions {
  dataset: string
  patches: number
}

export const gradcheckCommand = addHyperparameterOptions(
  labCommand<Options>(
    'gradcheck',
    "compare an engine's gradient with central differences in float64 on a few patches",
    async (_args, options, context) => {
      const config = configFrom(options)
      const dataset = findDataset(context.library(), options.dataset)
      const check = await gradientOnDataset(context.library(), dataset.id, config, options.patches)
      const { engine, precision, limit, passed } = check
      const text = [
        pairs([
          ['Engine', `${engine}, ${precision}`],
          ...Object.entries(check.parts).map(([part, checked]): [string, string] => [
            `  ${part}`,
            checked.normRatio.toExponential(2),
          ]),
          ['Relative difference', check.normRatio.toExponential(2)],
          ['Largest relative error', check.largestRelativeError.toExponential(2)],
        ]),
        passed ? `The gradient is right (below ${limit}).` : `The gradient is WRONG (above ${limit}).`,
      ].join('\n')
      return { json: check, text, exitCode: passed ? 0 : 1 }
    },
  ),
)
  .requiredOption('--dataset <id|name>', 'where the patches come from')
  .option('--patches <count>', 'how many patches', toNumber, 10)
