import { listSweeps } from '#db/queries/sweeps.ts'
import type { SweepSummary } from '#shared/domain/sweep.ts'
import { labCommand } from '../command.ts'
import { table } from '../text.ts'

export const sweepsCommand = labCommand('sweeps', 'list the sweeps', (_args, _options, context) => {
  const sweeps = listSweeps(context.library())
  const rows = sweeps.map((summary) => [
    summary.id,
    summary.name,
    summary.status,
    `${summary.ended}/${summary.runs}`,
    summary.failed,
    varied(summary),
    summary.sweep.measure,
    summary.datasetName,
  ])
  const none = 'No sweeps yet. Start one: lab sweep --dataset NAME --grid rho=.01,.05'
  return {
    json: sweeps,
    text:
      rows.length > 0
        ? table(['id', 'name', 'status', 'ended', 'failed', 'varies', 'measure', 'dataset'], rows)
        : none,
  }
})

const varied = ({ sweep }: SweepSummary) => sweep.axes.map(({ parameter }) => parameter).join(', ')
