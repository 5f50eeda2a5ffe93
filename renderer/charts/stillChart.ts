import type { Chart } from './chart.ts'

/** A chart as it was last drawn, without what moves over it far more often than anything else changes. */
export function createStill() {
  const kept = document.createElement('canvas')
  return {
    keep({ canvas }: Chart): void {
      kept.width = canvas.width
      kept.height = canvas.height
      if (kept.width > 0 && kept.height > 0) kept.getContext('2d')?.drawImage(canvas, 0, 0)
    },
    /** @returns whether there was anything to show */
    show({ ctx }: Chart): boolean {
      if (kept.width === 0 || kept.height === 0) return false
      ctx.save()
      // Device pixel by device pixel.
      ctx.setTransform(1, 0, 0, 1, 0, 0)
      ctx.clearRect(0, 0, kept.width, kept.height)
      ctx.drawImage(kept, 0, 0)
      ctx.restore()
      return true
    },
  }
}
