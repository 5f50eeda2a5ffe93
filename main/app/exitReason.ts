import type { Details } from 'electron'

export interface Exit {
  /** Whether it ended by its own will, with exit code 0. */
  clean: boolean
  /** How it ended otherwise, one sentence with the mend; empty when clean. */
  reason: string
}

export interface ExitSigns {
  /** The process's name at the start of a sentence, e.g. "The session". */
  name: string
  /** As the `exit` event gave it. */
  code: number
  /** What Chromium says of it, where it said something. */
  gone: Pick<Details, 'reason' | 'exitCode'> | null
  /** The end of what it printed as an error. */
  lastWords: string
}

// V8 aborts like any crash, and a failed allocation is an error like any other: only their words tell.
const outOfMemory = /heap out of memory|Array buffer allocation failed|heap limit|bad_alloc/i

/** Finished, crashed, killed or out of memory: the typed exit of a process, in words. */
export function describeExit({ name, code, gone, lastWords }: ExitSigns): Exit {
  const failed = (reason: string): Exit => ({ clean: false, reason: `${name} ${reason}` })
  if (gone?.reason === 'oom' || gone?.reason === 'memory-eviction' || outOfMemory.test(lastWords)) {
    return failed('ran out of memory. Take fewer patches or hidden units, or close other programs.')
  }
  if (code === 0 && (gone === null || gone.reason === 'clean-exit')) return { clean: true, reason: '' }
  switch (gone?.reason) {
    case 'killed':
      return failed(
        'was killed by another program or by the system, which does that when memory is short. Start it again.',
      )
    case 'crashed':
      return failed(`crashed (exit code ${code}). Start it again; the log file says more.`)
    case 'launch-failed':
      return failed(`could not be started (exit code ${gone.exitCode}). Restart the lab.`)
    default:
      return failed(`ended unasked with exit code ${code}. Start it again; the log file says more.`)
  }
}
