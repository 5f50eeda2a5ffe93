// Trains runs on ONNX Runtime and ends each at once in the midst of it, then says what became of them.
import { setTimeout } from 'node:timers/promises'
import { getRun } from '#db/queries/runs.ts'
import { launchWorkerSession } from '#main/session/launchWorkerSession.ts'
import { createSessions } from '#main/session/sessions.ts'
import { addRun, libraryWithBars } from '../bars.ts'

const [folder, ...delays] = process.argv.slice(2)
const { library, datasetId } = await libraryWithBars(folder, 5_000)
const statuses: string[] = []
for (const delay of delays) {
  const sessions = createSessions<never>({ library, parallel: 1, launch: launchWorkerSession, onChange() {} })
  const id = addRun(library, datasetId, { engine: 'onnx', hidden: 64, iterations: 100_000 })
  sessions.enqueue(id)
  while (getRun(library, id).iterations === 0) await setTimeout(5)
  await setTimeout(Number(delay))
  sessions.stopNow(id)
  await sessions.close()
  statuses.push(getRun(library, id).status)
}
library.close()
process.stdout.write(statuses.join(' '))
