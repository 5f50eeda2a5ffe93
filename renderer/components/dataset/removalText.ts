import type { RunSummary } from '#shared/domain/run.ts'
import { formatCount, formatCountOf } from '../../format/number.ts'

const mostNamed = 5

/** What is lost with a dataset, said before it is. */
export function removalText(runs: readonly Pick<RunSummary, 'name'>[]): string {
  const patches =
    'The patches are deleted from the library for good. The images they were cut from are not touched.'
  if (runs.length === 0) return patches
  const names = runs.slice(0, mostNamed).map(({ name }) => `“${name}”`)
  const more = runs.length > mostNamed ? ` and ${formatCount(runs.length - mostNamed)} more` : ''
  const go = runs.length === 1 ? 'It goes' : 'They go'
  return `${formatCountOf(runs.length, 'run')} learned from it: ${names.join(', ')}${more}. ${go} with it, with all records and weights. ${patches}`
}
