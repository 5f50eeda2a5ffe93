import type { Notation } from '../numbers/typedNumber.ts'
import { z } from 'zod'
import type { RunSummary } from '../domain/run.ts'
import { columnOf } from '../domain/usedSettings.ts'
import { isSetting, type SettingKey } from '../settings/runSettings.ts'
import { groupKeys } from './groupRuns.ts'
import { matchesQuery } from './matchesQuery.ts'
import { parseQuery, type Query } from './parseQuery.ts'
import { sortKeys, sortRuns, type RunSort } from './sortRuns.ts'

/** Columns of the table: what it sorts by, and the curve of the cost. */
export const columnKeys = [...sortKeys, 'sparkline'] as const
export type ColumnKey = (typeof columnKeys)[number]

const distinct = <T>(values: readonly T[]): boolean => new Set(values).size === values.length

/** What the table of runs shows, and how: all that a saved view keeps. */
export const tableViewSchema = z.strictObject({
  query: z.string().max(2_000, 'The query is too long: use at most 2000 characters.'),
  sort: z.array(z.strictObject({ key: z.enum(sortKeys), descending: z.boolean() })).max(sortKeys.length),
  /** Views of earlier versions name a setting by its own key: "iterations" for those planned. */
  groupBy: z.preprocess(
    (written) => (isSetting(String(written)) ? columnOf(written as SettingKey) : written),
    z.enum(groupKeys).nullable(),
  ),
  /** Those shown, in order. */
  columns: z.array(z.enum(columnKeys)).max(columnKeys.length).refine(distinct),
  showsArchived: z.boolean(),
})
export type TableView = z.infer<typeof tableViewSchema>

export const defaultView: TableView = {
  query: '',
  sort: [{ key: 'age', descending: false }],
  groupBy: null,
  columns: [
    'name',
    'dataset',
    'hidden',
    'rho',
    'lambda',
    'beta',
    'activation',
    'optimiser',
    'engine',
    'sparkline',
    'cost',
    'rhoHat',
    'dead',
    'age',
    'tags',
  ],
  showsArchived: false,
}

export interface SavedView {
  id: number
  name: string
  view: TableView
}

/** Whether a query is about archived runs: then they are not left out. */
export const asksForArchived = (query: Query): boolean =>
  query.terms.some((term) => term.kind === 'text' && term.field === 'is' && term.value === 'archived')

/** The runs that a query finds; archived ones only where they are asked for. */
export function matchingRuns(
  runs: readonly RunSummary[],
  query: Query,
  showsArchived: boolean,
): readonly RunSummary[] {
  const withArchived = showsArchived || asksForArchived(query)
  if (withArchived && query.terms.length === 0) return runs
  return runs.filter((run) => (withArchived || !run.isArchived) && matchesQuery(query, run))
}

/** The runs that a view shows, in its order; groups left aside. */
export const shownRuns = (
  runs: readonly RunSummary[],
  { query, sort, showsArchived }: { query: string; sort: readonly RunSort[]; showsArchived: boolean },
  notation?: Notation,
): RunSummary[] => sortRuns(matchingRuns(runs, parseQuery(query, notation), showsArchived), sort)
