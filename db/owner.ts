import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process that carries out runs, as others see it. */
export interface RunOwner {
  program: 'window' | 'commandLine'
  pid: number
  host: string
}

const host = hostname().replaceAll(' ', '-')

/** Within which the numbers of processes mean the same: one machine since its start; each container counts its own. */
export const processSpace = ((): string => {
  try {
    const start = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${start}/${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return host
  }
})()

// The command line of an installed app runs on Electron's Node: it has its version, but no type.
const program: RunOwner['program'] =
  'type' in process && process.type === 'browser' ? 'window' : 'commandLine'

/** A name for what this process carries out, from which others can tell whose it is, and when that process is gone. */
export const newOwner = (): string => [processSpace, process.pid, randomUUID(), program, host].join(' ')

/**
 * A name of its own for each run that an owner takes: the same process may take a run twice, and what it did of the first
 * time must not be written over the second.
 */
export const claimName = (owner: string, count: number): string =>
  owner.replace(/^(\S+ \d+ [^\s.]+)/, `$1.${count}`)

/** The owner that a claim's name is made of; any other name is its own. */
export const ownerOfClaim = (name: string): string => name.replace(/^(\S+ \d+ [^\s.]+)\.\d+/, '$1')

/** null for what is no such name: an earlier Rho Lab gave others. */
export function readOwner(owner: string): RunOwner | null {
  const [, pid, program, host] = /^\S+ (\d+) \S+ (window|commandLine) (\S+)$/.exec(owner) ?? []
  return host === undefined ? null : { program: program as RunOwner['program'], pid: Number(pid), host }
}

/**
 * Whether an owner's process has ended for sure; false where that cannot be known. A number that another process has
 * got since counts as living: then the heartbeat tells.
 */
export function isGone(owner: string): boolean {
  const [space, pid] = owner.split(' ')
  return space === processSpace && /^\d+$/.test(pid) && isProcessGone(Number(pid))
}

/** Whether nothing runs under this number on this machine. */
export function isProcessGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
