import { columnOf } from '#shared/domain/usedSettings.ts'
import {
  labelAmongResults,
  settingKeys,
  settingOf,
  shownSymbol,
  type SettingKey,
} from '#shared/settings/runSettings.ts'
import type { SortKey } from '#shared/query/sortRuns.ts'
import type { ColumnKey } from '#shared/query/tableView.ts'
import type { SymbolName } from '../symbols.ts'

export interface Column {
  key: ColumnKey
  label: string
  symbol?: SymbolName
  /** Width in CSS pixels, padding included. */
  width: number
  align: 'left' | 'right'
  /** The column that sorting goes by when its head is clicked. */
  sort: SortKey
  /** Where there is no room, the columns with the largest number go first; 0 stays. */
  givesWay: number
  /** The name in the list of columns, where the head says less. */
  fullName?: string
}

type ColumnOptions = Partial<Pick<Column, 'symbol' | 'sort' | 'fullName'>>

const column = (
  key: ColumnKey,
  label: string,
  width: number,
  align: Column['align'],
  givesWay: number,
  options: ColumnOptions = {},
): Column => ({ key, label, width, align, givesWay, sort: key === 'sparkline' ? 'cost' : key, ...options })

function settingColumn(key: SettingKey): Column {
  const setting = settingOf(key)
  const { head, width = 72, givesWay = 7 } = setting.column ?? {}
  const align = setting.kind === 'choice' ? 'left' : 'right'
  return head === undefined
    ? column(columnOf(key), setting.label, width, align, givesWay, { symbol: shownSymbol(setting) })
    : column(columnOf(key), head, width, align, givesWay, { fullName: labelAmongResults(setting) })
}

/** All columns after the badge and the sprite, as they are listed; name and tags share what room is left over. */
export const columns: readonly Column[] = [
  column('name', 'Name', 184, 'left', 0),
  column('status', 'Status', 84, 'left', 7),
  column('dataset', 'Dataset', 66, 'left', 3),
  column('preset', 'Preset', 88, 'left', 7),
  ...settingKeys.map(settingColumn),
  column('iterations', 'Iterations', 72, 'right', 7),
  column('sparkline', 'Cost', 96, 'left', 1, { fullName: 'Cost curve' }),
  column('cost', 'Final cost', 60, 'right', 0, { fullName: 'Cost' }),
  column('reconstruction', 'Reconstr.', 72, 'right', 7, { fullName: 'Reconstruction' }),
  column('weightDecay', 'Decay', 64, 'right', 7, { fullName: 'Weight decay cost' }),
  column('sparsity', 'Sparsity', 64, 'right', 7, { fullName: 'Sparsity cost' }),
  column('validation', 'Held out', 64, 'right', 7, { fullName: 'Reconstruction, held out' }),
  column('rhoHat', 'mean', 72, 'right', 0, { symbol: 'rhoHat', fullName: 'Average activation' }),
  column('dead', 'Dead', 44, 'right', 4, { fullName: 'Dead units' }),
  column('time', 'Time', 72, 'right', 7, { fullName: 'Training time' }),
  column('age', 'Age', 56, 'right', 0),
  column('tags', 'Tags', 72, 'left', 5),
]

const byKey = new Map(columns.map((one) => [one.key, one]))

/** The columns of these keys, in their order. */
export const columnsOf = (keys: readonly ColumnKey[]): Column[] => keys.flatMap((key) => byKey.get(key) ?? [])

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
