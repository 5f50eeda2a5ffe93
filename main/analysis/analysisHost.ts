import type { Library } from '#db/library.ts'
import { openForReading } from '#db/openForReading.ts'
import type { LibraryPlace } from '#db/whereabouts.ts'
import { toErrorReply } from '#shared/domain/labError.ts'
import { answer } from './answer.ts'
import type { FromAnalysis, ToAnalysis } from './protocol.ts'

/** The part of Electron's `process.parentPort` that is used here. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToAnalysis }) => void): void
  postMessage(message: FromAnalysis): void
}

// Answers questions about weights and data in a utility process of the app; main ends it when it is idle.
const { parentPort } = process as unknown as { parentPort: ParentPort }
let place: LibraryPlace
let library: Library | null = null

parentPort.on('message', ({ data }) => {
  if (data.type === 'open') place = data.library
  else void replyTo(data).then((reply) => parentPort.postMessage({ id: data.id, reply }))
})

async function replyTo({ question, args }: ToAnalysis & { type: 'ask' }): Promise<FromAnalysis['reply']> {
  try {
    library ??= openForReading(place.folder, { create: false, identity: place.identity })
    return { ok: true, value: await answer(library, question, args) }
  } catch (error) {
    return { ok: false, error: toErrorReply(error) }
  }
}
