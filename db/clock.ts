/** A point in time by two clocks. */
export interface Moment {
  /** For people to read; may be set back or forth. */
  date: Date
  /**
   * Milliseconds by a clock that all processes of a machine share and nobody can set: only differences mean
   * something. A library's processes are on one machine, since SQLite's WAL needs memory that they share.
   */
  clockMs: number
}

export const momentNow = (): Moment => ({
  date: new Date(),
  clockMs: Math.round(Number(process.hrtime.bigint()) / 1e6),
})
