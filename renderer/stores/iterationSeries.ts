import type { IterationColumns, IterationRecord } from '#shared/domain/run.ts'
import { rhoHatSpread } from '#shared/model/rhoHat.ts'

type ColumnName = Exclude<keyof IterationColumns, 'count'>

const columnNames = Object.keys({
  iteration: true,
  cost: true,
  reconstruction: true,
  weightDecay: true,
  sparsity: true,
  validation: true,
  gradientNorm: true,
  stepLength: true,
  evaluations: true,
  elapsedMs: true,
  rhoHatMin: true,
  rhoHatLower: true,
  rhoHatMedian: true,
  rhoHatUpper: true,
  rhoHatMax: true,
  rhoHatMean: true,
} satisfies Record<ColumnName, true>) as ColumnName[]

type Row = Record<ColumnName, number>

/** A record from the live port as a row of the columns: ρ̂ becomes its quantiles. */
function rowOf(record: IterationRecord): Row {
  const { rhoHat, ...numbers } = record
  const { min, lower, median, upper, max, mean } = rhoHatSpread(rhoHat)
  return {
    ...numbers,
    validation: numbers.validation ?? NaN,
    rhoHatMin: min,
    rhoHatLower: lower,
    rhoHatMedian: median,
    rhoHatUpper: upper,
    rhoHatMax: max,
    rhoHatMean: mean,
  }
}

/**
 * The iterations of one run in typed columns, ascending and each once, whatever order they arrive in: the library's
 * rows and the live port overlap, and a resumed run repeats what came after its checkpoint.
 */
export class IterationSeries {
  private capacity = 512
  private count = 0
  private columns = Object.fromEntries(
    columnNames.map((name) => [name, new Float64Array(this.capacity)]),
  ) as Record<ColumnName, Float64Array>

  /** The columns as they stand: views that a later change may write into, so take them anew after one. */
  view(): IterationColumns {
    const views = Object.fromEntries(
      columnNames.map((name) => [name, this.columns[name].subarray(0, this.count)]),
    ) as Record<ColumnName, Float64Array>
    return { count: this.count, ...views }
  }

  /** The last iteration held; −1 before the first. */
  get last(): number {
    return this.count === 0 ? -1 : this.columns.iteration[this.count - 1]
  }

  /** The last iteration before the first missing one, counting from the first held; −1 before the first. */
  get lastWithoutGap(): number {
    const { iteration } = this.columns
    // Iterations are whole and ascend: there is no gap below i exactly when the i-th is i after the first.
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (iteration[middle] - iteration[0] === middle) low = middle + 1
      else high = middle
    }
    return low === 0 || iteration[0] > 1 ? -1 : iteration[low - 1]
  }

  addRecords(records: readonly IterationRecord[]): void {
    for (const record of records) this.put(rowOf(record))
  }

  addColumns(columns: IterationColumns): void {
    if (columns.count > 0 && columns.iteration[0] > this.last) return this.append(columns)
    for (let i = 0; i < columns.count; i++) {
      this.put(Object.fromEntries(columnNames.map((name) => [name, columns[name][i]])) as Row)
    }
  }

  /** Rows that follow what is held, all at once: a long run has a hundred thousand. */
  private append(columns: IterationColumns): void {
    this.reserve(this.count + columns.count)
    for (const name of columnNames) this.columns[name].set(columns[name], this.count)
    this.count += columns.count
  }

  private put(row: Row): void {
    const at = this.position(row.iteration)
    const known = at < this.count && this.columns.iteration[at] === row.iteration
    if (!known) {
      this.reserve(this.count + 1)
      for (const name of columnNames) this.columns[name].copyWithin(at + 1, at, this.count)
      this.count++
    }
    for (const name of columnNames) this.columns[name][at] = row[name]
  }

  /** Index of the first iteration that is not below `iteration`; nearly always the end. */
  private position(iteration: number): number {
    if (iteration > this.last) return this.count
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.columns.iteration[middle] < iteration) low = middle + 1
      else high = middle
    }
    return low
  }

  private reserve(count: number): void {
    if (count <= this.capacity) return
    this.capacity = Math.max(count, 2 * this.capacity)
    for (const name of columnNames) {
      const grown = new Float64Array(this.capacity)
      grown.set(this.columns[name].subarray(0, this.count))
      this.columns[name] = grown
    }
  }
}
