import { expect, test } from 'vitest'
import type { ParallelColumn } from '../../../renderer/charts/parallelAxis.ts'
import { parallelNumbers, parallelTable } from '../../../renderer/components/chart/parallelTable.ts'
import { formatCsv } from '../../../renderer/format/csv.ts'

const rows = [
  { id: 1, name: 'edges', letter: 'A', series: 1 },
  { id: 2, name: 'bars' },
  { id: 3, name: 'noise' },
]
const columns: ParallelColumn[] = [
  { id: 'hidden', name: 'Hidden units', scale: 'linear', values: [25, 25, 25] },
  {
    id: 'cost',
    name: 'Cost',
    scale: 'log',
    values: [0.5, null, 0.0625],
    format: (value) => value.toFixed(2),
  },
  { id: 'decoder', name: 'Decoder', scale: 'linear', values: ['sigmoid', 'linear', 'linear'] },
]

test('runs over parallel axes are a table of what differs between them', () => {
  expect(parallelTable(rows, columns)).toEqual({
    head: ['Run', 'Cost', 'Decoder'],
    rows: [
      ['A edges', '0.50', 'sigmoid'],
      ['bars', '–', 'linear'],
      ['noise', '0.06', 'linear'],
    ],
  })
})

test('and go out in full', () => {
  expect(formatCsv(parallelNumbers(rows, columns)).split('\r\n')).toEqual([
    'letter,run,Cost,Decoder',
    'A,edges,0.5,sigmoid',
    ',bars,,linear',
    ',noise,0.0625,linear',
    '',
  ])
})
