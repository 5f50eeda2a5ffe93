// Trains one run of a library to its end, as the command line does, and says after every batch of iterations how far
// the session is, before it is written: `node trainRun.ts FOLDER RUN`. Meant to be killed.
import { writeSync } from 'node:fs'
import { openLibrary } from '../../db/library.ts'
import { launchWorkerSession } from '../../main/session/launchWorkerSession.ts'
import type { SessionHost } from '../../main/session/sessionHost.ts'
import { createSessions } from '../../main/session/sessions.ts'

const [folder, run] = process.argv.slice(2)
const library = openLibrary(folder, { create: false })

function launch(): SessionHost<never> {
  const host = launchWorkerSession()
  host.onMessage((message) => {
    if (message.type === 'iterations') writeSync(1, `${message.records.at(-1)?.iteration}\n`)
  })
  return host
}

const sessions = createSessions<never>({
  library,
  parallel: 1,
  launch,
  onChange() {},
  onEnd: () => void sessions.close().then(() => library.close()),
})
sessions.enqueue(Number(run))
