import { findDataset, readPatches } from '#db/queries/datasets.ts'
import { chooseEngine } from '#main/engine/engines.ts'
import { gradientCheck } from '#main/engine/gradientCheck.ts'
import { initialTheta } from '#shared/model/theta.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, configFrom, type ConfigOptions } from '../configOptions.ts'
import { pairs, toNumber } from '../text.ts'

/** Enough to find any wrong term, few enough for a large network. */
const parametersPerPart = 200

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
      const n = dataset.visible
      const m = Math.min(options.patches, dataset.patches)
      const shape = { m, n, h: config.hidden, batch: m }
      const patches = readPatches(context.library(), dataset.id).subarray(0, m * n)
      const { factory, settings } = await chooseEngine(config.engine, shape, { ...config, hyper: config })
      const engine = await factory.create(shape, settings)
      await engine.setPatches(patches)
      const { engine: name, precision } = engine.describe()
      const theta = initialTheta(shape, config.seed)
      const gradient = new Float64Array(theta.length)
      await engine.evaluate(theta, gradient)
      await engine.dispose()
      const check = gradientCheck({
        ...shape,
        patches,
        hyper: config,
        theta,
        engineGradient: gradient,
        sample: parametersPerPart,
        seed: config.seed,
      })
      // Float64 agrees to about 1e-9, as the course says; float32 carries seven digits.
      const limit = precision === 'float64' ? 1e-7 : 1e-4
      const passed = check.normRatio <= limit
      const json = { engine: name, precision, patches: m, limit, passed, ...check }
      const text = [
        pairs([
          ['Engine', `${name}, ${precision}`],
          ...Object.entries(check.parts).map(([part, checked]): [string, string] => [
            `  ${part}`,
            checked.normRatio.toExponential(2),
          ]),
          ['Relative difference', check.normRatio.toExponential(2)],
          ['Largest relative error', check.largestRelativeError.toExponential(2)],
        ]),
        passed ? `The gradient is right (below ${limit}).` : `The gradient is WRONG (above ${limit}).`,
      ].join('\n')
      return { json, text, exitCode: passed ? 0 : 1 }
    },
  ),
)
  .requiredOption('--dataset <id|name>', 'where the patches come from')
  .option('--patches <count>', 'how many patches', toNumber, 10)
