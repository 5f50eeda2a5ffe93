import { overwriteLine } from './terminal.ts'

const width = 28

/** A bar on standard error where that is a terminal; silent everywhere else. */
export interface ProgressBar {
  show(done: number, total: number, text: string): void
  /** Removes the bar. */
  clear(): void
}

export function createProgressBar(stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  if (!stream.isTTY) return { show() {}, clear() {} }
  let shownAt = -Infinity
  return {
    show(done, total, text) {
      const now = performance.now()
      if (now - shownAt < 50 && done < total) return
      shownAt = now
      const share = total > 0 ? Math.min(1, done / total) : 0
      const filled = Math.round(share * width)
      const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
      overwriteLine(stream, `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}`)
    },
    clear() {
      overwriteLine(stream, '')
    },
  }
}
