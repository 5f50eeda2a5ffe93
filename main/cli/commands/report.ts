import { writeReport } from '#main/export/report/formatReport.ts'
import { labCommand } from '../command.ts'
import { findRuns } from './export.ts'

export const reportCommand = labCommand<{ out: string }>(
  'report <run...>',
  'write a report of a run, or a comparison of several, as one HTML file',
  async (names, { out }, context) => {
    const runIds = findRuns(names, context)
    const file = await writeReport(context.library(), runIds, out, context.interrupted)
    return { json: { runIds, file }, text: `Wrote ${file}.` }
  },
).requiredOption('--out <file>', 'where to write, .html')
