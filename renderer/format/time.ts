const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** A duration as a clock: 0:54, 12:05, 1:02:03. */
export function formatClock(elapsedMs: number): string {
  const seconds = Math.max(0, Math.round(elapsedMs / second))
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}

/** A duration in words for a table: 340 ms, 8.2 s, 3 min 05 s, 2 h 10 min. */
export function formatDuration(elapsedMs: number): string {
  if (elapsedMs < second) return `${Math.round(elapsedMs)} ms`
  if (elapsedMs < 59.95 * second) return `${(elapsedMs / second).toFixed(1)} s`
  const seconds = Math.round(elapsedMs / second)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`
  const minutes = Math.round(seconds / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** How long ago, as one number and unit: now, 3 min, 2 h, 4 d; over a year in years. */
export function formatAge(createdAt: string, nowMs: number): string {
  const elapsed = nowMs - Date.parse(createdAt)
  if (Number.isNaN(elapsed)) return '–'
  if (elapsed < minute) return 'now'
  if (elapsed < hour) return `${Math.floor(elapsed / minute)} min`
  if (elapsed < day) return `${Math.floor(elapsed / hour)} h`
  if (elapsed < 365 * day) return `${Math.floor(elapsed / day)} d`
  return `${Math.floor(elapsed / (365 * day))} y`
}

/** Iterations a second: 3.5 it/s; three figures at most. */
export function formatRate(perSecond: number): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return '– it/s'
  const decimals = perSecond < 10 ? 1 : 0
  return `${perSecond.toFixed(perSecond < 0.95 ? 2 : decimals)} it/s`
}

/**
 * Time left in a run, from the average pace so far.
 * @returns milliseconds, or null before there is a pace
 */
export function timeLeftMs(done: number, planned: number, elapsedMs: number): number | null {
  if (done <= 0 || elapsedMs <= 0) return null
  return Math.max(0, ((planned - done) * elapsedMs) / done)
}
