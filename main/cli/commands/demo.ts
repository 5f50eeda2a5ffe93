import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { listDatasets } from '#db/queries/datasets.ts'
import { insertRun } from '#db/queries/runs.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { describeMachine } from '#main/session/machine.ts'
import { demo, isDemoDataset } from '#shared/domain/demo.ts'
import { carryOut } from '../carryOut.ts'
import { labCommand } from '../command.ts'
import { onImportProgress } from '../datasetOutput.ts'
import { version } from '../version.ts'

export const demoCommand = labCommand<{ out: string }>(
  'demo',
  'edges from sample images: generate, train, export, in one go',
  async (_args, { out }, context) => {
    const library = context.library()
    const found = listDatasets(library).find(isDemoDataset)
    const datasetId =
      found?.id ??
      (await runDatasetJob(library, demo.job, {
        onProgress: onImportProgress(context.progress),
        signal: context.interrupted,
      }))
    const runId = insertRun(library, {
      ...demo.run,
      datasetId,
      appVersion: version,
      machine: describeMachine(),
    })
    const trained = await carryOut(runId, context)
    if (context.interrupted.aborted || trained.exitCode !== 0) return trained
    await mkdir(out, { recursive: true })
    const weights = path.join(out, 'weights.npz')
    const filters = path.join(out, 'filters.png')
    await exportRun(library, runId, { format: 'npz', file: weights })
    await exportRun(library, runId, { format: 'png', file: filters })
    const text = [
      trained.text,
      '',
      `Wrote ${weights} (W1, W2, b1, b2) and ${filters} (what each hidden unit looks for).`,
      'To open the window, run on a machine with a display: npm start',
    ].join('\n')
    return { json: { ...(trained.json as object), files: [weights, filters] }, text }
  },
).option('--out <folder>', 'where to write weights.npz and filters.png', 'rho-lab-demo')
