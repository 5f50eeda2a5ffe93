import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform } from 'node:os'

/** This machine's processor, as far as speed depends on it. */
export const processorName = (): string =>
  `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} threads, ${platform()} ${arch()}`

/** Cores that this process may use; two threads of one core count once where the system tells. */
export function physicalCores(): number {
  return Math.max(1, Math.floor(availableParallelism() / threadsPerCore()))
}

function threadsPerCore(): number {
  try {
    const siblings = readFileSync('/sys/devices/system/cpu/cpu0/topology/thread_siblings_list', 'utf8')
    return countListed(siblings)
  } catch {
    return 1
  }
}

/** How many numbers a list such as "0,4" or "0-1" names. */
export function countListed(list: string): number {
  const count = list
    .trim()
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((total, [from, to = from]) => total + (to - from + 1), 0)
  return Number.isSafeInteger(count) && count > 0 ? count : 1
}

/** With others taking more than this of the cores, what is measured holds for the moment alone. */
export const quietCores = 0.25

/**
 * Watches how busy the processor is with other work.
 * @returns a function that says how many cores others kept busy since, on average
 */
export function watchOthers(): () => number {
  const before = { ...busyTime(), own: ownTime(), at: performance.now() }
  return () => {
    const now = busyTime()
    const othersMs = now.busyMs - before.busyMs - (ownTime() - before.own)
    return Math.max(0, othersMs) / Math.max(1, performance.now() - before.at)
  }
}

function busyTime(): { busyMs: number } {
  const busyMs = cpus().reduce(
    (total, { times }) => total + times.user + times.nice + times.sys + times.irq,
    0,
  )
  return { busyMs }
}

function ownTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
