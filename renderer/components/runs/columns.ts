import type { SortKey } from '#shared/query/sortRuns.ts'
import type { SymbolName } from '../symbols.ts'

export interface Column {
  key: SortKey | 'sparkline'
  label: string
  symbol?: SymbolName
  /** Width in CSS pixels, padding included. */
  width: number
  align: 'left' | 'right'
  /** The column that sorting goes by when its head is clicked. */
  sort: SortKey
  /** Where there is no room, the columns with the largest number go first; 0 stays. */
  givesWay: number
}

/** Columns after the badge and the sprite, in order; name and tags share what room is left over. */
export const columns: readonly Column[] = [
  { key: 'name', label: 'Name', width: 184, align: 'left', sort: 'name', givesWay: 0 },
  { key: 'dataset', label: 'Dataset', width: 84, align: 'left', sort: 'dataset', givesWay: 3 },
  { key: 'hidden', label: 'Hidden', width: 50, align: 'right', sort: 'hidden', givesWay: 0 },
  {
    key: 'rho',
    label: 'Sparsity target',
    symbol: 'rho',
    width: 52,
    align: 'right',
    sort: 'rho',
    givesWay: 0,
  },
  {
    key: 'lambda',
    label: 'Weight decay',
    symbol: 'lambda',
    width: 52,
    align: 'right',
    sort: 'lambda',
    givesWay: 2,
  },
  {
    key: 'beta',
    label: 'Sparsity weight',
    symbol: 'beta',
    width: 40,
    align: 'right',
    sort: 'beta',
    givesWay: 3,
  },
  { key: 'activation', label: 'Activation', width: 78, align: 'left', sort: 'activation', givesWay: 9 },
  { key: 'optimiser', label: 'Optimiser', width: 66, align: 'left', sort: 'optimiser', givesWay: 8 },
  { key: 'engine', label: 'Engine', width: 92, align: 'left', sort: 'engine', givesWay: 6 },
  { key: 'sparkline', label: 'Cost', width: 96, align: 'left', sort: 'cost', givesWay: 1 },
  { key: 'cost', label: 'Final cost', width: 60, align: 'right', sort: 'cost', givesWay: 0 },
  { key: 'rhoHat', label: 'mean', symbol: 'rhoHat', width: 72, align: 'right', sort: 'rhoHat', givesWay: 0 },
  { key: 'dead', label: 'Dead', width: 44, align: 'right', sort: 'dead', givesWay: 4 },
  { key: 'age', label: 'Age', width: 56, align: 'right', sort: 'age', givesWay: 0 },
  { key: 'tags', label: 'Tags', width: 72, align: 'left', sort: 'tags', givesWay: 5 },
]

/** Badge, sprite and the padding at both ends. */
export const fixedWidth = 36 + 56 + 32

/** With every column at its own width. */
const neededWidth = (shown: readonly Column[]): number =>
  fixedWidth + shown.reduce((sum, column) => sum + column.width, 0)

/** The columns that fit a width: those that a person wants, less those that have to give way. */
export function fittingColumns(wanted: readonly Column[], width: number): Column[] {
  const shown = [...wanted]
  let needed = neededWidth(shown)
  for (const column of wanted.toSorted((a, b) => b.givesWay - a.givesWay)) {
    if (needed <= width || column.givesWay === 0) break
    shown.splice(shown.indexOf(column), 1)
    needed -= column.width
  }
  return shown
}

/** The table's columns as a CSS grid; where even what stays is too wide, the name is cut. */
export function gridTemplate(shown: readonly Column[], width: number): string {
  const tracks = shown.map((column) => {
    if (column.key === 'name') return `minmax(${neededWidth(shown) <= width ? column.width : 96}px, 3fr)`
    if (column.key === 'dataset') return `minmax(${column.width}px, 1fr)`
    if (column.key === 'tags') return `minmax(${column.width}px, 2fr)`
    return `${column.width}px`
  })
  return `36px 56px ${tracks.join(' ')}`
}

/** Whether a column needs room on its left: text that follows a number would touch it. */
export const followsNumber = (shown: readonly Column[], at: number): boolean =>
  at > 0 && shown[at].align === 'left' && shown[at - 1].align === 'right'
