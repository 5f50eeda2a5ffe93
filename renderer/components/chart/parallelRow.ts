/** One line; those with a letter are drawn in their series' colour. */
export interface ParallelRow {
  id: number
  name: string
  letter?: string
  /** 1 to 8 */
  series?: number
}
