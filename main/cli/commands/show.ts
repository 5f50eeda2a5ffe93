import { findRun, getRun } from '#db/queries/runs.ts'
import type { RunDetail } from '#shared/domain/run.ts'
import { trainCommandLine } from '#shared/domain/commandLine.ts'
import { labCommand } from '../command.ts'
import { duration, fixed, pairs } from '../text.ts'

export const showCommand = labCommand('show <run>', 'everything about a run', ([name], _options, context) => {
  const library = context.library()
  const run = getRun(library, findRun(library, name).id)
  const { rhoHat, engine } = run
  const commandLine = trainCommandLine(run)
  const text = pairs([
    ['Run', `${run.id} "${run.name}"`],
    ['Status', [run.status, run.outcome, run.message].filter(Boolean).join(', ')],
    [
      'Dataset',
      `${run.datasetName} (${run.datasetPatches} × ${run.visible}, ${run.datasetHash.slice(0, 12)})`,
    ],
    [
      'Iterations',
      `${run.iterations} of ${run.config.iterations}, ${run.evaluations} evaluations, ${duration(run.elapsedMs)}`,
    ],
    ['Started from', initialWeightsText(run)],
    ['Cost', fixed(run.cost)],
    ['  reconstruction', fixed(run.reconstruction)],
    ['  weight decay', fixed(run.weightDecay)],
    ['  sparsity', fixed(run.sparsity)],
    ...(run.validation === null
      ? []
      : [['  of patches held out', fixed(run.validation)] as [string, string]]),
    [
      'Average activation',
      rhoHat ? `${fixed(rhoHat.min)} to ${fixed(rhoHat.max)}, mean ${fixed(rhoHat.mean)}` : '–',
    ],
    ['Dead units', run.deadUnits ?? '–'],
    ...Object.entries(run.config).map(([key, value]): [string, string | number] => [`  ${key}`, value]),
    ['Engine', engine ? `${engine.backend}, ${engine.device}, ${engine.precision}. ${engine.reason}` : '–'],
    ['Tags', run.tags.join(', ') || '–'],
    ['Made with', `Rho Lab ${run.appVersion} on ${run.machine}`],
    ['Created', run.createdAt],
    ['Again', commandLine],
  ])
  return { json: { ...run, commandLine }, text }
})

function initialWeightsText({ initialWeights: origin, config }: RunDetail): string {
  if (origin === null) return `random weights, seed ${config.seed}`
  if (origin.kind === 'file') return `the weights in ${origin.file}`
  return `run ${origin.runId} "${origin.name}" at iteration ${origin.iteration}`
}
