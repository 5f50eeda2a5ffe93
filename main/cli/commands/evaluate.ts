import { findDataset, readPatches } from '#db/queries/datasets.ts'
import { chooseEngine } from '#main/engine/engines.ts'
import { dot } from '#main/optimiser/vectors.ts'
import { readWeights } from '#main/export/importWeights.ts'
import { writeArrays } from '#main/export/npz.ts'
import { LabError } from '#shared/domain/labError.ts'
import { runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import { costParts } from '#shared/model/cost.ts'
import { thetaFromWeights, thetaViews } from '#shared/model/theta.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, configFrom, type ConfigOptions } from '../configOptions.ts'
import { fixed, pairs } from '../text.ts'

interface Options extends ConfigOptions {
  weights: string
  dataset: string
  gradient?: string
}

export const evaluateCommand = addHyperparameterOptions(
  labCommand<Options>(
    'evaluate',
    'the cost and its terms at given weights',
    async (_args, options, context) => {
      const { weights, config: stored } = await readWeights(options.weights)
      const dataset = findDataset(context.library(), options.dataset)
      if (weights.visible !== dataset.visible) {
        throw new LabError(
          'shape',
          `${options.weights} is for ${weights.visible} pixels; dataset "${dataset.name}" has ${dataset.visible}. ` +
            'Take weights that were learned on patches of this size.',
        )
      }
      const base = {
        engine: 'reference',
        ...storedConfig(stored),
        ...(options.engine ? {} : { engine: 'reference' }),
      }
      const config = configFrom({ ...options, hidden: weights.hidden }, base as Partial<RunConfig>)
      const shape = { m: dataset.patches, n: weights.visible, h: weights.hidden, batch: dataset.patches }
      const { factory, settings } = await chooseEngine(config.engine, shape, { ...config, hyper: config })
      const engine = await factory.create(shape, settings)
      await engine.setPatches(readPatches(context.library(), dataset.id))
      const theta = thetaFromWeights(weights)
      const gradient = new Float64Array(theta.length)
      const { squaredError, rhoHat } = await engine.evaluate(theta, gradient)
      await engine.dispose()
      const parts = costParts(theta, shape, config, shape.m, squaredError, rhoHat)
      if (options.gradient !== undefined) await writeGradient(options.gradient, gradient, shape)
      const gradientNorm = Math.sqrt(dot(gradient, gradient))
      return {
        json: { ...parts, rhoHat, gradientNorm },
        text: pairs([
          ['Cost', fixed(parts.cost, 6)],
          ['  reconstruction', fixed(parts.reconstruction, 6)],
          ['  weight decay', fixed(parts.weightDecay, 6)],
          ['  sparsity', fixed(parts.sparsity, 6)],
          [
            'Average activation',
            `${fixed(Math.min(...rhoHat))} to ${fixed(Math.max(...rhoHat))}, target ${config.rho}`,
          ],
          ['Gradient norm', fixed(gradientNorm, 6)],
        ]),
      }
    },
  ),
)
  .requiredOption('--weights <file>', 'weights in any format that export writes')
  .requiredOption('--dataset <id|name>', 'where to evaluate them')
  .option('--gradient <file>', 'write the gradient there as .npz (float64): W1, W2, b1, b2')

/** The configuration that came with the weights, as far as it is one of ours. */
function storedConfig(config: unknown): Partial<RunConfig> {
  const parsed = runConfigSchema.safeParse(config)
  return parsed.success ? parsed.data : {}
}

async function writeGradient(file: string, gradient: Float64Array, { n, h }: { n: number; h: number }) {
  const { W1, W2, b1, b2 } = thetaViews(gradient, { n, h })
  await writeArrays(file, {
    W1: { shape: [h, n], values: W1 },
    W2: { shape: [n, h], values: W2 },
    b1: { shape: [h], values: b1 },
    b2: { shape: [n], values: b2 },
  })
}
