import type { Library } from '#db/library.ts'
import { openForReading } from '#db/openForReading.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { runTransfer } from './runTransfer.ts'
import type { FromTransfer, ToTransfer, TransferStart } from './transferProtocol.ts'

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToTransfer }) => void): void
  postMessage(message: FromTransfer): void
}

// Writes an export or takes a bundle in, in a utility process of the app: one job, then main ends it.
const { parentPort } = process as unknown as { parentPort: ParentPort }
const cancelled = new AbortController()
parentPort.on('message', ({ data }) => {
  if (data === 'cancel') cancelled.abort()
  else void carryOut(data).then((reply) => parentPort.postMessage(reply))
})

async function carryOut({ library: place, job, args }: TransferStart): Promise<FromTransfer> {
  let library: Library | null = null
  try {
    library = openForReading(place.folder, { create: false, identity: place.identity })
    return { ok: true, value: await runTransfer(library, job, args, cancelled.signal) }
  } catch (error) {
    return { ok: false, error: toErrorReply(error) }
  } finally {
    library?.close()
  }
}
