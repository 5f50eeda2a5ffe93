import type { Details } from 'electron'
import type { ExitKind, SessionExit } from '#main/session/sessionExit.ts'
import { isOutOfMemory, memoryMend } from '#shared/domain/outOfMemory.ts'

export interface Exit extends SessionExit {
  /** Whether it ended by its own will, with exit code 0. */
  clean: boolean
}

/** Of a process that was asked to end, or ended by its own will. */
export const cleanExit: Exit = { clean: true, kind: 'ended', reason: '' }

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

/** What a process that trains a run is called. */
export const sessionName = 'The session'

/** Finished, crashed, killed or out of memory: the typed exit of a process, in words. */
export function describeExit({ name, code, gone, lastWords }: ExitSigns): Exit {
  const exit = (kind: ExitKind, reason: string): Exit => ({ clean: false, kind, reason: `${name} ${reason}` })
  const again = name === sessionName ? 'Resume its run' : 'Start it again'
  if (gone?.reason === 'oom' || gone?.reason === 'memory-eviction' || isOutOfMemory(lastWords)) {
    return exit('outOfMemory', `ran out of memory. ${memoryMend}`)
  }
  if (code === 0 && (gone === null || gone.reason === 'clean-exit')) return cleanExit
  switch (gone?.reason) {
    case 'killed':
      return exit(
        'killed',
        `was killed by another program or by the system, which does that when memory is short. ${again}.`,
      )
    case 'crashed':
      return exit('crashed', `crashed (exit code ${code}). ${again}; the log file says more.`)
    case 'launch-failed':
      return exit('failed', `could not be started (exit code ${gone.exitCode}). Restart the lab.`)
    default:
      return exit('crashed', `ended unasked with exit code ${code}. ${again}; the log file says more.`)
  }
}
