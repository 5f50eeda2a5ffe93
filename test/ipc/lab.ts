import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessagePortMain } from 'electron'
import { openLibrary } from '#db/library.ts'
import { insertDataset } from '#db/queries/datasets.ts'
import { openLibraries } from '#main/app/libraries.ts'
import { openSettings } from '#main/app/settingsFile.ts'
import { insertRun, trashRuns, untrashRuns } from '#db/queries/runs.ts'
import { answer, type Question, type Questions } from '#main/analysis/answer.ts'
import { runTransfer } from '#main/export/runTransfer.ts'
import { createSources } from '#main/ipc/chosenSources.ts'
import { createHandle, type HandledCalls } from '#main/ipc/handle.ts'
import { handleCalls } from '#main/ipc/index.ts'
import type { Services } from '#main/ipc/services.ts'
import type { FromSession } from '#main/session/protocol.ts'
import { createSessions } from '#main/session/sessions.ts'
import { createSweeps } from '#main/sweep/sweeps.ts'
import { defaultSampling } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import type { Reply } from '#shared/domain/labError.ts'
import { defaultConfig } from '#shared/domain/runConfig.ts'

/** A dataset as small as can be: 16 patches of 2 × 2 pixels, all of patch i being i / 16. */
export function tinyDraft(name: string, kind: DatasetDraft['kind'] = 'images'): DatasetDraft {
  const patches = Float32Array.from({ length: 16 * 4 }, (_, i) => Math.floor(i / 4) / 16)
  const after = { mean: 0.5, deviation: 0.1, histogram: { min: 0, max: 1, counts: [64] } }
  return {
    name,
    kind,
    origin: 'a test',
    patches,
    m: 16,
    n: 4,
    patchSize: 2,
    channels: 1,
    normalisation: { kind: 'squash', range: 'sigmoid' },
    seed: 1,
    statistics: { before: null, after, threeSigma: null, clippedShare: null },
    skippedFiles: [],
    images: [],
    positions: null,
    preview: { count: 1, before: null, after: patches.slice(0, 4) },
    whitening: null,
  }
}

/**
 * All handlers over a real library in a temporary folder. What needs Electron or another process is a list of what
 * was asked of it: `asked`.
 */
export async function openTestLab() {
  const folder = mkdtempSync(join(tmpdir(), 'rho-lab-ipc-'))
  const library = openLibrary(join(folder, 'library'))
  const asked: string[] = []
  const answers = {
    source: null as string | null,
    offered: null as string | null,
    exportFile: null as string | null,
    exportFolder: null as string | null,
  }
  const sessions = createSessions<MessagePortMain>({
    library,
    parallel: 1,
    onChange() {},
    launch(runId) {
      asked.push(`launch ${runId}`)
      let answer: (message: FromSession) => void = () => {}
      return {
        post({ type }) {
          if (type === 'stop') answer({ type: 'ended', status: 'stopped', outcome: 'stopped', error: null })
        },
        onMessage: (listener) => (answer = listener),
        onExit: () => {},
        watch: () => void asked.push(`watch ${runId}`),
        kill: () => {},
      }
    },
  })

  const remembered = openLibraries(join(folder, 'libraries.json'))
  const services: Services = {
    library,
    sessions,
    sweeps: createSweeps({ library, sessions, onChange() {} }),
    imports: {
      async start(job, name, sampling) {
        asked.push(`import ${JSON.stringify(job)} as ${name}`)
        const draft = tinyDraft(name, job.kind === 'generate' ? job.generator : 'images')
        return insertDataset(library, { ...draft, m: 16, patchSize: 2, seed: sampling.seed })
      },
      cancel: () => {
        asked.push('cancel')
        return false
      },
      active: () => false,
    },
    analysis: {
      async ask<Q extends Question>(
        question: Q,
        ...args: Parameters<Questions[Q]>
      ): Promise<Awaited<ReturnType<Questions[Q]>>> {
        return await answer(library, question, args)
      },
    },
    trash: {
      remove: (runIds) => trashRuns(library, runIds, new Date()),
      restore: (runIds) => untrashRuns(library, runIds),
    },
    transfers: {
      run: (job, ...args) => runTransfer(library, job, args, new AbortController().signal),
      cancel: (kind) => asked.push(`cancel ${kind}`) > 0,
    },
    sources: createSources(),
    offeredBundle: () => answers.offered,
    window: {
      askForSource: () => Promise.resolve(answers.source),
      askForExport: (proposal) => {
        asked.push(`export as ${proposal}`)
        return Promise.resolve(answers.exportFile)
      },
      askForExportFolder: () => {
        asked.push('export into a folder')
        return Promise.resolve(answers.exportFolder)
      },
      openLivePort: (runId) => {
        asked.push(`port ${runId}`)
        return {} as ReturnType<Services['window']['openLivePort']>
      },
    },
    settings: openSettings(join(folder, 'settings.json')),
    libraries: {
      recent: () => [],
      choose: () => Promise.resolve(false),
      open(key) {
        remembered.folderOf(key)
        return true
      },
    },
    about: {
      copyDiagnostics: () => Promise.resolve(),
      licences: () => Promise.resolve([]),
      forgetMeasurements: () => Promise.resolve(),
    },
    engines: () => Promise.resolve([]),
    changed: (what) =>
      void asked.push(`changed ${Object.entries(what).flatMap(([key, is]) => (is ? [key] : []))}`),
    appVersion: '0.1.0',
    machine: 'a test machine',
  }

  const listeners = new Map<string, (event: null, ...args: unknown[]) => Promise<Reply<unknown>>>()
  const logged: string[] = []
  const receiver = {
    handle: (channel: string, listener: (event: null, ...args: unknown[]) => Promise<Reply<unknown>>) => {
      if (listeners.has(channel)) throw new Error(`${channel} is answered twice`)
      listeners.set(channel, listener)
    },
  }
  const log = { warn: (text: string) => logged.push(text), error: (text: string) => logged.push(text) }
  handleCalls(createHandle({ receiver, isTrusted: () => true, log }), services)

  /** As the window would: any arguments at all. */
  const send = async (channel: string, args: readonly unknown[]): Promise<Reply<unknown>> => {
    const listener = listeners.get(channel)
    if (!listener) throw new Error(`nobody answers ${channel}`)
    return listener(null, ...args)
  }

  return {
    library,
    folder,
    asked,
    answers,
    sessions,
    logged,
    channels: [...listeners.keys()] as (keyof HandledCalls)[],
    send,
    /** A call that must succeed. */
    async call<C extends keyof HandledCalls>(channel: C, ...args: Parameters<HandledCalls[C]>) {
      const reply = await send(channel, args)
      if (!reply.ok) throw new Error(`${channel}: ${reply.error.message}`)
      return reply.value as ReturnType<HandledCalls[C]>
    },
    insertDataset: (name = 'tiny') => insertDataset(library, tinyDraft(name)),
    insertRun: (datasetId: number, name = 'first') =>
      insertRun(library, {
        datasetId,
        name,
        config: { ...defaultConfig, hidden: 3 },
        preset: null,
        tags: [],
        appVersion: '0.1.0',
        machine: 'a test machine',
      }),
    defaultSampling,
    async close() {
      await sessions.close()
      library.close()
      rmSync(folder, { recursive: true })
    },
  }
}
export type TestLab = Awaited<ReturnType<typeof openTestLab>>
