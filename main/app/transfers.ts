import type { LibraryPlace } from '#db/whereabouts.ts'
import { sweepNotedParts } from '#db/unfinished.ts'
import type { FromTransfer, TransferJob, TransferJobs, TransferStart } from '#main/export/transferProtocol.ts'
import type { Transfers } from '#main/ipc/services.ts'
import type { TransferKind } from '#shared/ipc/contract.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { Log } from './log.ts'
import { startUtility } from './utility.ts'

export interface TransfersOptions {
  /** Of the built transfer host. */
  path: string
  library: LibraryPlace
  log: Log
}

const processNames: Record<TransferJob, string> = {
  write: 'The export',
  writeRunTable: 'The export',
  openBundle: 'Opening the bundle',
  lookAtWeights: 'Reading the weights',
  insertRunWith: 'Reading the weights',
  importWeights: 'Importing the weights',
  rescue: 'The rescue',
}

/** What the user waits for, and can do without. */
const jobsOf: Record<TransferKind, readonly TransferJob[]> = {
  export: ['write', 'writeRunTable'],
  bundle: ['openBundle'],
  weights: ['lookAtWeights', 'importWeights'],
}

/** What does not end by itself once it should is ended after so long; but a bundle, which takes back what it stored. */
const endGraceMs = 3_000

/** Writes exports and opens bundles, each in a process that reads and writes the library itself. */
export function createTransfers(options: TransfersOptions): Transfers & { settled(): Promise<void> } {
  const { path, library, log } = options
  const underWay = new Set<Promise<unknown>>()
  const cancels = new Map<() => void, TransferJob>()

  async function carryOut(message: TransferStart): Promise<FromTransfer> {
    const name = processNames[message.job]
    const { child, ended, end } = startUtility(name, path, log)
    let isCancelled = false
    const cancel = () => {
      isCancelled = true
      child.postMessage('cancel')
      if (message.job !== 'openBundle') setTimeout(end, endGraceMs)
    }
    cancels.set(cancel, message.job)
    try {
      const answer = new Promise<FromTransfer>((resolve) => child.on('message', resolve))
      const exit = ended.then(({ reason }): FromTransfer => ({
        ok: false,
        error: isCancelled
          ? { code: 'stopped', message: `${name} was cancelled.` }
          : { code: 'internal', message: reason },
      }))
      child.postMessage(message)
      return await Promise.race([answer, exit])
    } finally {
      cancels.delete(cancel)
      end()
      if (isCancelled) void ended.then(sweepNotedParts)
    }
  }

  return {
    async run<J extends TransferJob>(
      job: J,
      ...args: Parameters<TransferJobs[J]>
    ): Promise<ReturnType<TransferJobs[J]>> {
      const answer = carryOut({ library, job, args })
      underWay.add(answer)
      const reply = await answer.finally(() => underWay.delete(answer))
      if (!reply.ok) throw new LabError(reply.error.code, reply.error.message)
      return reply.value as ReturnType<TransferJobs[J]>
    },
    cancel(kind) {
      const named = [...cancels].filter(([, job]) => jobsOf[kind].includes(job))
      for (const [cancel] of named) cancel()
      return named.length > 0
    },
    /** Resolves when nothing is under way any more: what is half written is finished before the app ends. */
    async settled() {
      await Promise.allSettled(underWay)
    },
  }
}
