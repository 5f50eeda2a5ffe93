import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Within which the numbers of processes mean the same: one machine since its start; each container counts its own. */
const processSpace = ((): string => {
  try {
    const start = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${start}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname().replaceAll(' ', '-')
  }
})()

/** A name for what this process carries out, from which others can tell when the process is gone. */
export const newOwner = (): string => `${processSpace} ${process.pid} ${randomUUID()}`

/**
 * Whether an owner's process has ended for sure; false where that cannot be known. A number that another process has
 * got since counts as living: then the heartbeat tells.
 */
export function isGone(owner: string): boolean {
  const [space, pid] = owner.split(' ')
  if (space !== processSpace || !/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
