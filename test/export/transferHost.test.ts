import { fork } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { openLibrary, type Library } from '#db/library.ts'
import { listDatasets } from '#db/queries/datasets.ts'
import { listRuns } from '#db/queries/runs.ts'
import { writeBundle } from '#main/export/bundle/writeBundle.ts'
import type { FromTransfer, TransferStart } from '#main/export/transferProtocol.ts'
import type { ExportRequest } from '#shared/domain/exportRequest.ts'
import { temporaryFolder } from '../cli/runLab.ts'
import { makeDataset, makeFolder, makeLibrary, makeRun } from '../db/makeLibrary.ts'

const host = fileURLToPath(new URL('../../main/export/transferHost.ts', import.meta.url))
const parentPort = fileURLToPath(new URL('../dataset/parentPort.ts', import.meta.url))
const request: ExportRequest = {
  runIds: [1, 2, 3, 4],
  kind: 'rholab',
  iteration: null,
  patches: true,
  space: 'whitened',
}
let folder: string
let library: Library

beforeAll(async () => {
  folder = await temporaryFolder()
  library = openLibrary(path.join(folder, 'library'))
  const patches = Float32Array.from({ length: 20_000 * 64 }, (_, i) => 0.1 + (0.8 * ((i * 7) % 11)) / 10)
  const datasetId = await makeDataset(library, { patches, m: 20_000, n: 64, patchSize: 8, positions: null })
  const snapshots = Array.from({ length: 40 }, (_, k) => k)
  for (let k = 0; k < 4; k++)
    await makeRun(library, { datasetId, iterations: 40, snapshots, status: 'finished' })
  await writeBundle(library, request.runIds, path.join(folder, 'b.rholab'), { patches: true })
})
afterAll(() => {
  library.close()
  rmSync(folder, { recursive: true })
})

// Other tests' processes sweep what is unfinished too.
beforeEach(() => void vi.stubEnv('XDG_CACHE_HOME', makeFolder()))
afterEach(() => void vi.unstubAllEnvs())

/** Does a job in the window's process for it, and cancels that once something is to be seen. */
async function cancel(isUnderWay: () => boolean, start: TransferStart): Promise<FromTransfer> {
  const child = fork(host, { execArgv: ['--import', parentPort] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const reply = new Promise<FromTransfer>((resolve) => child.on('message', resolve as () => void))
  let isAnswered = false
  void reply.then(() => (isAnswered = true))
  child.send(start)
  while (!isAnswered && !isUnderWay()) await sleep(1)
  child.send('cancel')
  return reply
}

describe('what is cancelled in the window', () => {
  test('an export ends in the middle, and leaves no half of a file', async () => {
    for (;;) {
      const out = makeFolder()
      const reply = await cancel(() => readdirSync(out).length > 0, {
        library: { folder: library.folder, identity: library.identity },
        job: 'write',
        args: [request, path.join(out, 'a.rholab')],
      })
      // On a busy machine it may have been done before anybody looked.
      if (reply.ok) continue
      expect(reply.error).toMatchObject({
        code: 'stopped',
        message: expect.stringContaining('was not written.'),
      })
      expect(readdirSync(out)).toEqual([])
      break
    }
  })

  test('a bundle is opened not at all, and what came of it is taken back', async () => {
    const own = makeLibrary()
    const reply = await cancel(() => listRuns(own).length > 0, {
      library: { folder: own.folder, identity: own.identity },
      job: 'openBundle',
      args: [path.join(folder, 'b.rholab')],
    })
    expect(reply).toMatchObject({ ok: false, error: { code: 'stopped' } })
    expect(listRuns(own)).toEqual([])
    expect(listDatasets(own)).toEqual([])
  })
})
