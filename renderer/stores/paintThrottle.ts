/** At most so many paints a second: a live chart that moves faster is only harder to read. */
const leastMs = 100

/**
 * Collects calls into at most ten a second. The first comes at the next frame; a hidden window, which has no frames,
 * paints nothing and catches up when it is shown.
 */
export function createPaintThrottle(paint: () => void): { ask(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null
  let frame: number | null = null
  let paintedAt = -Infinity

  function ask(): void {
    if (timer !== null || frame !== null) return
    timer = setTimeout(
      () => {
        timer = null
        frame = requestAnimationFrame(() => {
          frame = null
          paintedAt = performance.now()
          paint()
        })
      },
      Math.max(0, paintedAt + leastMs - performance.now()),
    )
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer)
    if (frame !== null) cancelAnimationFrame(frame)
    timer = frame = null
  }

  return { ask, stop }
}
