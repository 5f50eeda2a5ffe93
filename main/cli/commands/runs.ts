import { listRuns } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { runsCsv } from '#shared/query/runsCsv.ts'
import { sortKeys, sortRuns, type RunSort } from '#shared/query/sortRuns.ts'
import { columnKeys, matchingRuns } from '#shared/query/tableView.ts'
import { labCommand } from '../command.ts'
import { countryNotation, duration, fixed, table } from '../text.ts'

interface Options {
  sort?: string
  filter?: string
  archived?: boolean
  csv?: boolean
}

export const runsCommand = labCommand<Options>('runs', 'list the runs', (_args, options, context) => {
  const all = listRuns(context.library())
  const found = filtered(all, options.filter ?? '', options.archived === true)
  const runs = options.sort ? sortRuns(found, readSort(options.sort)) : found
  const rows = runs.map((run) => [
    run.id,
    run.name,
    run.status,
    `${run.iterations}/${run.config.iterations}`,
    fixed(run.cost),
    fixed(run.rhoHat?.mean),
    run.config.hidden,
    run.config.rho,
    run.config.lambda,
    run.config.beta,
    run.datasetName,
    run.engine?.engine ?? '–',
    duration(run.elapsedMs),
  ])
  const head = ['id', 'name', 'status', 'iterations', 'cost', 'rhoHat', 'hidden', 'rho', 'lambda', 'beta']
  const none = all.length > 0 ? 'No run matches.' : 'No runs yet. Train one: lab train --dataset NAME'
  return {
    json: runs,
    text: options.csv
      ? runsCsv(runs, columnKeys).trimEnd()
      : rows.length > 0
        ? table([...head, 'dataset', 'engine', 'time'], rows)
        : none,
  }
})
  .option('--sort <columns>', 'cost, name, rho, hidden, …, several as rho,-cost; a minus: largest first')
  .option('--filter <query>', "such as 'rho=0.05 cost<0.3 tag:thesis status:finished'")
  .option('--archived', 'archived runs too')
  .option('--csv', 'every column as CSV')

function filtered(runs: RunSummary[], text: string, withArchived: boolean): readonly RunSummary[] {
  const query = parseQuery(text, countryNotation())
  if (query.problem !== null) throw new LabError('badInput', query.problem)
  return matchingRuns(runs, query, withArchived)
}

/** @param columns names of columns, separated by commas; with a minus before it, descending */
function readSort(columns: string): RunSort[] {
  return columns.split(',').map((column) => {
    const descending = column.startsWith('-')
    const name = column
      .slice(descending ? 1 : 0)
      .toLowerCase()
      .replaceAll('-', '')
    const key = sortKeys.find((key) => key.toLowerCase() === name)
    if (!key)
      throw new LabError('badUsage', `There is no column "${column}". Sort by ${sortKeys.join(', ')}.`)
    return { key, descending }
  })
}
