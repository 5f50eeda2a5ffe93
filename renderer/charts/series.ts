import type { ChartTheme } from './chart.ts'

/** Runs differ by dash as well as by colour: solid, then seven others. */
export const seriesDashes: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 3],
  [10, 3],
  [8, 3, 2, 3],
  [4, 6],
  [8, 2, 2, 2, 2, 2],
  [2, 7],
]

const names = [
  'series-1',
  'series-2',
  'series-3',
  'series-4',
  'series-5',
  'series-6',
  'series-7',
  'series-8',
] as const

/** @param series  1 to 8 */
export const seriesColour = (theme: ChartTheme, series: number): string => theme.colours[names[series - 1]]
