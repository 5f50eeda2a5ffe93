import { getRun } from '#db/queries/runs.ts'
import { importWeightsAsRun } from '#main/export/weightsAsRun.ts'
import { describeMachine } from '#main/session/machine.ts'
import { labCommand } from '../command.ts'
import { addHyperparameterOptions, settingsFrom, type ConfigOptions } from '../configOptions.ts'
import { inReader } from '../reader/openReader.ts'
import { collect, fixed } from '../text.ts'
import { version } from '../version.ts'

interface Options extends ConfigOptions {
  dataset?: string
  name?: string
  tag?: string[]
}

export const importWeightsCommand = addHyperparameterOptions(
  labCommand<Options>(
    'import-weights <file>',
    'take trained weights (.npz, .safetensors, .mat, .onnx, .json, .csv, a SAELens folder) in as a finished run, to look at and compare',
    async ([file], options, context) => {
      const library = context.library()
      const id = await importWeightsAsRun(
        library,
        {
          path: file,
          dataset: options.dataset,
          name: options.name,
          tags: options.tag ?? [],
          settings: settingsFrom(options),
          appVersion: version,
          machine: describeMachine(),
        },
        {
          read: inReader('readWeights', context.interrupted),
          evaluate: inReader('evaluateAt', context.interrupted),
        },
      )
      const { name, cost, visible, config, datasetName, notes } = getRun(library, id)
      const remarks = notes === '' ? [] : notes.split('\n\n')
      return {
        json: { runId: id, name, dataset: datasetName, visible, hidden: config.hidden, cost, remarks },
        text: [
          `Run ${id} "${name}": ${visible} → ${config.hidden} units, cost ${fixed(cost)} on "${datasetName}". Nothing was trained.`,
          ...remarks,
        ].join('\n'),
      }
    },
  ),
)
  .option('--dataset <id|name>', 'to look at them with (default: the newest with patches of their size)')
  .option('--name <name>', "the run's name (default: that of the file)")
  .option('--tag <tag>', 'a tag for the run; may be given again', collect)
