import { findRun } from '#db/queries/runs.ts'
import { comparePng } from '#main/export/comparePng.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { LabError } from '#shared/domain/labError.ts'
import { differingSettings } from '#shared/domain/differingSettings.ts'
import { labCommand } from '../command.ts'
import { fixed, table } from '../text.ts'

const results: [string, (run: RunSummary) => number | null | undefined][] = [
  ['cost', (run) => run.cost],
  ['reconstruction', (run) => run.reconstruction],
  ['weightDecay', (run) => run.weightDecay],
  ['sparsity', (run) => run.sparsity],
  ['rhoHat mean', (run) => run.rhoHat?.mean],
]

export const compareCommand = labCommand<{ png?: string }>(
  'compare <run...>',
  'what differs between runs, their results, and their filters side by side',
  async (names, options, context) => {
    const library = context.library()
    const runs = names.map((name) => findRun(library, name))
    if (runs.length < 2) throw new LabError('badUsage', 'Name two runs or more to compare.')
    const differs = differingSettings(runs)
    if (options.png !== undefined) {
      await comparePng(
        library,
        runs.map(({ id }) => id),
        options.png,
      )
    }
    const rows = [
      ...differs.map(({ setting, values }) => [setting, ...values.map(String)]),
      ...results.map(([name, value]) => [name, ...runs.map((run) => fixed(value(run)))]),
    ]
    const text = [
      table(['', ...runs.map((run) => `${run.id} ${run.name}`)], rows),
      ...(options.png !== undefined ? [`Wrote ${options.png}.`] : []),
    ].join('\n')
    return { json: { runs, differs, png: options.png ?? null }, text }
  },
).option('--png <file>', 'write the filter grids side by side, at one scale')
