import { parentPort } from 'node:worker_threads'
import { chooseEngine } from '#main/engine/engines.ts'
import { dismissHelpers } from '#main/engine/onnx/helpers.ts'
import { LabError } from '#shared/domain/labError.ts'
import { leave, type ToSession } from '../protocol.ts'
import { readPatchesFile } from './readPatchesFile.ts'
import { serveSession } from './serveSession.ts'

// A session in a worker thread of the command line.
const port = parentPort
if (!port) throw new LabError('internal', 'This file runs as a worker thread.')

let isLeaving = false

serveSession(
  {
    post(message) {
      if (isLeaving) return
      port.postMessage(message)
      if (message.type === 'ended') port.close()
    },
    onMessage(listener) {
      port.on('message', (message: ToSession | typeof leave) => {
        if (message !== leave) return listener(message)
        isLeaving = true
        void dismissHelpers().then(() => process.exit(1))
      })
    },
  },
  { readPatches: readPatchesFile, choose: chooseEngine },
)
