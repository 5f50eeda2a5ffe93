import { findDataset } from '#db/queries/datasets.ts'
import { gradientOnDataset } from '#main/analysis/gradientOnDataset.ts'
import { gradientParts } from '#shared/domain/gradientCheck.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, configFrom, type ConfigOptions } from '../configOptions.ts'
import { inReader } from '../reader/openReader.ts'
import { pairs, table, toCount } from '../text.ts'

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
      const check = await gradientOnDataset(
        context.library(),
        dataset.id,
        config,
        options.patches,
        inReader('checkEngineGradient', context.interrupted),
      )
      const { engine, precision, limit, passed, parts } = check
      const wrong = gradientParts.filter((part) => !parts[part].passed)
      const text = [
        pairs([
          ['Engine', `${engine}, ${precision}`],
          ['Largest relative error', check.largestRelativeError.toExponential(2)],
        ]),
        '',
        table(
          ['part', 'from differences', 'from the reference', 'verdict'],
          gradientParts.map((part) => [
            part,
            parts[part].normRatio.toExponential(2),
            parts[part].referenceRatio.toExponential(2),
            parts[part].passed ? 'right' : 'WRONG',
          ]),
        ),
        '',
        passed
          ? `The gradient is right (every part within ${limit}).`
          : `The gradient is WRONG in ${wrong.join(', ')} (not within ${limit}).`,
        ...check.remarks,
      ].join('\n')
      return { json: check, text, exitCode: passed ? 0 : 1 }
    },
  ),
)
  .requiredOption('--dataset <id|name>', 'where the patches come from')
  .option('--patches <count>', 'how many patches', toCount, 10)
