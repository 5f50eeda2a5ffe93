import { parentPort } from 'node:worker_threads'
import { chooseEngine } from '#main/engine/engines.ts'
import { LabError } from '#shared/domain/labError.ts'
import { leave, type ToSession } from '../protocol.ts'
import { readPatchesFile } from './readPatchesFile.ts'
import { serveSession } from './serveSession.ts'

// A session in a worker thread of the command line.
const port = parentPort
if (!port) throw new LabError('internal', 'This file runs as a worker thread.')

serveSession(
  {
    post(message) {
      port.postMessage(message)
      if (message.type === 'ended') port.close()
    },
    onMessage(listener) {
      port.on('message', (message: ToSession | typeof leave) => {
        if (message === leave) process.exit(1)
        listener(message)
      })
    },
  },
  { readPatches: readPatchesFile, choose: chooseEngine },
)
