import { Option } from 'commander'
import { findRun } from '#db/queries/runs.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { exportFormats, type ExportFormat } from '#shared/ipc/contract.ts'
import { labCommand } from '../command.ts'
import { toNumber } from '../text.ts'

interface Options {
  format: ExportFormat
  out: string
  iteration?: number
}

export const exportCommand = labCommand<Options>(
  'export <run>',
  "write a run's weights (npz) or its filters (png)",
  async ([name], { format, out, iteration }, context) => {
    const library = context.library()
    const run = findRun(library, name)
    await exportRun(library, run.id, { format, file: out, iteration })
    return { json: { runId: run.id, format, file: out }, text: `Wrote ${out}.` }
  },
)
  .addOption(new Option('--format <format>', 'npz or png').choices(exportFormats).makeOptionMandatory())
  .requiredOption('--out <file>', 'where to write')
  .option('--iteration <number>', 'a snapshot instead of the final weights', toNumber)
