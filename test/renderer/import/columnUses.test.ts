import { describe, expect, test } from 'vitest'
import type { TableLook } from '#shared/domain/datasetSource.ts'
import {
  columnChoice,
  columnName,
  remarksOn,
  shownColumns,
  withUse,
  type ColumnUse,
} from '../../../renderer/components/import/columnUses.ts'

const table: TableLook = {
  columns: [
    { name: '', use: 'dropped', isBoolean: false },
    { name: 'label', use: 'label', isBoolean: false },
    { name: '1', use: 'value', isBoolean: false },
    { name: null, use: 'value', isBoolean: false },
  ],
  rows: [['0', '7', '.5', '.6']],
  hasHeader: true,
  remarks: ['Column "label" was taken as labels; --label-column none keeps it among the values.'],
}
const proposed = table.columns.map(({ use }) => use)

describe('the columns of a table in the import dialog', () => {
  test('left as they were proposed, nothing is asked for', () => {
    expect(columnChoice(table, proposed)).toEqual({})
  })

  test('are remarked upon as long as they are used as proposed, without options of the command line', () => {
    expect(remarksOn(table, proposed)).toEqual(['Column "label" was taken as labels.'])
    expect(remarksOn(table, withUse(proposed, 1, 'value'))).toEqual([])
  })

  test('are asked for by number, which the name of another column cannot be taken for', () => {
    expect(columnChoice(table, withUse(proposed, 2, 'dropped'))).toEqual({
      labelColumn: '#2',
      dropColumns: ['none', '#1', '#3'],
    })
    expect(columnChoice(table, withUse(proposed, 1, 'value'))).toEqual({
      labelColumn: 'none',
      dropColumns: ['none', '#1'],
    })
  })

  test('have one of labels at most', () => {
    expect(withUse(proposed, 2, 'label')).toEqual(['dropped', 'value', 'label', 'value'])
  })

  test('are shown with a name each; of many those that are no values, and the first', () => {
    expect(table.columns.map((_, c) => columnName(table, c))).toEqual(['Column 1', 'label', '1', 'Column 4'])
    const many: ColumnUse[] = Array.from({ length: 785 }, (_, c) => (c === 784 ? 'label' : 'value'))
    expect(shownColumns(many)).toEqual([0, 1, 2, 3, 4, 5, 6, 784])
  })
})
