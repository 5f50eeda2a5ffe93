import type { LibraryPlace } from '#db/whereabouts.ts'
import type { FromTransfer, ToTransfer, TransferJob, TransferJobs } from '#main/export/transferProtocol.ts'
import type { Transfers } from '#main/ipc/services.ts'
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

/** Writes exports and opens bundles, each in a process that reads and writes the library itself. */
export function createTransfers(options: TransfersOptions): Transfers & { settled(): Promise<void> } {
  const { path, library, log } = options
  const underWay = new Set<Promise<unknown>>()

  async function carryOut(message: ToTransfer): Promise<FromTransfer> {
    const name = processNames[message.job]
    const { child, ended, end } = startUtility(name, path, log)
    try {
      const answer = new Promise<FromTransfer>((resolve) => child.on('message', resolve))
      const exit = ended.then(({ reason }): FromTransfer => ({
        ok: false,
        error: { code: 'internal', message: reason },
      }))
      child.postMessage(message)
      return await Promise.race([answer, exit])
    } finally {
      end()
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
    /** Resolves when nothing is under way any more: what is half written is finished before the app ends. */
    async settled() {
      await Promise.allSettled(underWay)
    },
  }
}
