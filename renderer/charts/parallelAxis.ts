import { axisLabel } from './axisLabel.ts'
import { linearTicks, logTicks } from './ticks.ts'

/** A value per row, of one setting or result. */
export interface ParallelColumn {
  id: string
  /** In words, for those who listen, and drawn where there is no symbol. */
  name: string
  /** Drawn in place of the name. */
  symbol?: string
  /** `log` holds where every number is positive. */
  scale: 'linear' | 'log'
  /** Numbers, or words that are categories; null where a row has none. */
  values: readonly (number | string | null)[]
  /** Where there is no room for all axes, those with the largest number go first. */
  givesWay?: number
  /** A number as the axis shows it. */
  format?: (value: number) => string
}

/** What an axis keeps of all rows, in its values; of categories, in their numbers from 0. */
export interface Range {
  min: number
  max: number
}

/** One of the parallel axes, from 0 at the bottom to 1 at the top. */
export interface ParallelAxis {
  id: string
  name: string
  symbol: string | null
  /** Where each row meets it; NaN where it does not. */
  positions: Float64Array
  /** The words in order; null for an axis of numbers. */
  categories: readonly string[] | null
  domain: Range
  isLog: boolean
  positionOf: (value: number) => number
  valueAt: (position: number) => number
  format: (value: number) => string
}

const collator = new Intl.Collator('en', { numeric: true })

/** Lays out one column; numbers span its axis, equal numbers lie in the middle, categories stand at equal distances. */
export function parallelAxis(column: ParallelColumn): ParallelAxis {
  const categories = categoriesOf(column.values)
  const values = Float64Array.from(column.values, (value) => {
    if (value === null) return NaN
    return categories === null ? Number(value) : categories.indexOf(String(value))
  })
  const known = values.filter(Number.isFinite)
  const domain = known.length === 0 ? { min: 0, max: 1 } : { min: min(known), max: max(known) }
  const isLog = categories === null && column.scale === 'log' && domain.min > 0
  const warp = isLog ? Math.log : (value: number) => value
  const unwarp = isLog ? Math.exp : (value: number) => value
  const low = warp(domain.min)
  const span = warp(domain.max) - low
  const positionOf = (value: number) => (span === 0 ? 0.5 : (warp(value) - low) / span)
  return {
    id: column.id,
    name: column.name,
    symbol: column.symbol ?? null,
    positions: values.map((value) => (Number.isFinite(value) ? positionOf(value) : NaN)),
    categories,
    domain,
    isLog,
    positionOf,
    valueAt: (position) => (span === 0 ? domain.min : unwarp(low + position * span)),
    format:
      categories === null
        ? (column.format ?? axisLabel)
        : (value) => categories[Math.max(0, Math.min(categories.length - 1, Math.round(value)))],
  }
}

function categoriesOf(values: readonly (number | string | null)[]): string[] | null {
  if (!values.some((value) => typeof value === 'string')) return null
  return [...new Set(values.flatMap((value) => (value === null ? [] : String(value))))].sort(collator.compare)
}

const min = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b))
const max = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b))

/** Whether rows differ in it: an axis on which all meet in one point says nothing. */
export function doesVary({ values }: Pick<ParallelColumn, 'values'>): boolean {
  return new Set(values.filter((value) => value !== null && !Number.isNaN(value))).size > 1
}

/** Values that an axis of so many pixels labels; every category, where there is room. @param room of a label */
export function ticksOf({ domain, isLog, categories }: ParallelAxis, length: number, room: number): number[] {
  const { min, max } = domain
  if (categories !== null) {
    const every = Math.max(1, Math.ceil((categories.length * room) / length))
    return categories.map((_, i) => i).filter((i) => i % every === 0)
  }
  if (min === max) return [min]
  const even = linearTicks(min, max, length, room).labelled
  if (!isLog) return even
  // Within a fraction of a decade there may be no round step of a logarithmic axis.
  const { labelled } = logTicks(min, max, length, room)
  return labelled.length >= 2 ? labelled : even
}

/** The columns that have room beside each other, in their order: the others give way. */
export function fittingColumns<C extends Pick<ParallelColumn, 'givesWay'>>(
  columns: readonly C[],
  most: number,
): C[] {
  const kept = columns.toSorted((a, b) => (a.givesWay ?? 0) - (b.givesWay ?? 0)).slice(0, Math.max(2, most))
  return columns.filter((column) => kept.includes(column))
}

/** What is brushed, by the id of the axis. */
export type Brushes = ReadonlyMap<string, Range>

/** A hundred-thousandth of the axis: values at the edge of a brush are inside, however they were rounded. */
const slack = 1e-5

/** The numbers of the rows that lie inside every brush; a row without a value lies in none. */
export function rowsInside(axes: readonly ParallelAxis[], count: number, brushes: Brushes): number[] {
  const tests = axes.flatMap(({ id, positions, positionOf }) => {
    const range = brushes.get(id)
    if (range === undefined) return []
    const [from, to] = [positionOf(range.min) - slack, positionOf(range.max) + slack]
    return (row: number) => positions[row] >= from && positions[row] <= to
  })
  return Array.from({ length: count }, (_, row) => row).filter((row) => tests.every((test) => test(row)))
}

/**
 * The range that a brush between two positions keeps, cut to the axis.
 * @returns null for one that keeps the whole axis
 */
export function brushBetween(axis: ParallelAxis, a: number, b: number): Range | null {
  const from = Math.max(0, Math.min(a, b))
  const to = Math.min(1, Math.max(a, b))
  if (from <= slack && to >= 1 - slack) return null
  return { min: axis.valueAt(Math.min(from, 1)), max: axis.valueAt(Math.max(to, 0)) }
}

/** What is said of a brush: "0.06 to 0.12". */
export const rangeText = (axis: ParallelAxis, { min, max }: Range): string => {
  if (axis.categories === null) return `${axis.format(min)} to ${axis.format(max)}`
  const kept = axis.categories.filter((_, i) => i >= min - slack && i <= max + slack)
  return kept.length === 0 ? 'none' : kept.join(', ')
}

/** Every step of an axis that is worth stopping at with the keys, ascending, from 0 to 1. */
export function stopsOf({ positions, categories }: ParallelAxis): number[] {
  const distinct = [...new Set(positions.filter((position) => !Number.isNaN(position)))].sort((a, b) => a - b)
  if (categories !== null || distinct.length <= 20) return distinct
  return Array.from({ length: 21 }, (_, i) => i / 20)
}
