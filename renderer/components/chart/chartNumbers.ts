/** The numbers of a chart, in its place. */
export interface ChartNumbers {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}
