import { listRuns } from '#db/queries/runs.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import { matchesQuery } from '#shared/query/matchesQuery.ts'
import { parseQuery } from '#shared/query/parseQuery.ts'
import { sortKeys, sortRuns, type SortKey } from '#shared/query/sortRuns.ts'
import { labCommand } from '../command.ts'
import { duration, fixed, table } from '../text.ts'

interface Options {
  sort?: string
  filter?: string
}

export const runsCommand = labCommand<Options>('runs', 'list the runs', (_args, options, context) => {
  const all = listRuns(context.library())
  const found = options.filter ? filtered(all, options.filter) : all
  const runs = options.sort ? sorted(found, options.sort) : found
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
    text: rows.length > 0 ? table([...head, 'dataset', 'engine', 'time'], rows) : none,
  }
})
  .option('--sort <column>', 'cost, name, rho, hidden, …; with a minus before it, largest first')
  .option('--filter <query>', "such as 'rho=0.05 cost<0.3 tag:thesis status:finished'")

function filtered(runs: RunSummary[], text: string): RunSummary[] {
  const query = parseQuery(text)
  if (query.problem !== null) throw new LabError('badInput', query.problem)
  return runs.filter((run) => matchesQuery(query, run))
}

/** @param column a column's name; with a minus before it, descending */
function sorted(runs: RunSummary[], column: string): RunSummary[] {
  const descending = column.startsWith('-')
  const key = sortKeys.find((key) => key.toLowerCase() === column.slice(descending ? 1 : 0).toLowerCase())
  if (!key) throw new LabError('badUsage', `There is no column "${column}". Sort by ${sortKeys.join(', ')}.`)
  return sortRuns(runs, { key: key satisfies SortKey, descending })
}
