import path from 'node:path'
import { otherNormalisation } from '#shared/domain/normalisationText.ts'
import { findDataset, readPatches } from '#db/queries/datasets.ts'
import { saturationRemarks } from '#shared/model/saturation.ts'
import { dot } from '#main/optimiser/vectors.ts'
import { writeArrays } from '#main/export/npz.ts'
import { refuseMisfit } from '#main/export/startingWeights.ts'
import { thetaViews } from '#shared/model/theta.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, configFrom, type ConfigOptions } from '../configOptions.ts'
import { inReader } from '../reader/openReader.ts'
import { fixed, pairs, targetText } from '../text.ts'

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
      const signal = context.interrupted
      const dataset = findDataset(context.library(), options.dataset)
      const {
        weights,
        theta,
        config: stored,
        normalisation,
      } = await inReader('readWeights', signal)(options.weights, {
        hidden: options.hidden,
        visible: [dataset.visible],
      })
      refuseMisfit(options.weights, weights, { dataset, hidden: weights.hidden })
      const base = { ...stored, ...(options.engine ? {} : { engine: 'reference' as const }) }
      const config = configFrom({ ...options, hidden: weights.hidden }, base)
      const size = { n: weights.visible, h: weights.hidden }
      const patches = readPatches(context.library(), dataset.id)
      // It is handed over.
      const evaluation = await inReader('evaluateAt', signal)(theta.slice(), size, config, patches)
      const { parts, gradient } = evaluation
      const rhoHat = Array.from(evaluation.rhoHat)
      if (options.gradient !== undefined) await writeGradient(options.gradient, gradient, size)
      const other = otherNormalisation(path.basename(options.weights), normalisation, dataset)
      const remarks = [
        ...(other === null ? [] : [other]),
        ...saturationRemarks(config, size, { theta, rhoHat: evaluation.rhoHat }),
      ]
      const gradientNorm = Math.sqrt(dot(gradient, gradient))
      return {
        json: { ...parts, rhoHat, gradientNorm, remarks },
        text: [
          pairs([
            ['Cost', fixed(parts.cost, 6)],
            ['  reconstruction', fixed(parts.reconstruction, 6)],
            ['  weight decay', fixed(parts.weightDecay, 6)],
            ['  sparsity', fixed(parts.sparsity, 6)],
            [
              'Average activation',
              `${fixed(Math.min(...rhoHat))} to ${fixed(Math.max(...rhoHat))}${targetText(config)}`,
            ],
            ['Gradient norm', fixed(gradientNorm, 6)],
          ]),
          ...remarks,
        ].join('\n'),
      }
    },
  ),
)
  .requiredOption('--weights <file>', 'weights in any format that export writes')
  .requiredOption('--dataset <id|name>', 'where to evaluate them')
  .option('--gradient <file>', 'write the gradient there as .npz (float64): W1, W2, b1, b2')

async function writeGradient(file: string, gradient: Float64Array, { n, h }: { n: number; h: number }) {
  const { W1, W2, b1, b2 } = thetaViews(gradient, { n, h })
  await writeArrays(file, {
    W1: { shape: [h, n], values: W1 },
    W2: { shape: [n, h], values: W2 },
    b1: { shape: [h], values: b1 },
    b2: { shape: [n], values: b2 },
  })
}
