import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { listDatasets } from '#db/queries/datasets.ts'
import { getRun, insertRun } from '#db/queries/runs.ts'
import { explainedVariance } from '#main/analysis/explainedVariance.ts'
import { runDatasetJob } from '#main/dataset/runDatasetJob.ts'
import { exportRun } from '#main/export/exportRun.ts'
import { describeMachine } from '#main/session/machine.ts'
import { demo, isDatasetOf, noiseVsStructure, type Demo } from '#shared/domain/demo.ts'
import { LabError } from '#shared/domain/labError.ts'
import { carryOut } from '../carryOut.ts'
import { labCommand, type Context, type Output } from '../command.ts'
import { onImportProgress } from '../datasetOutput.ts'
import { withReader } from '../reader/openReader.ts'
import { fixed, table } from '../text.ts'
import { version } from '../version.ts'

export const demoCommand = labCommand<{ out: string }>(
  'demo [what]',
  'edges (default): generate images, train, export, in one go. noise: the same network on noise and on images',
  (args, { out }, context) => {
    const what = args[0] ?? 'edges'
    if (what === 'edges') return edges(out, context)
    if (what === 'noise') return noise(context)
    throw new LabError('badUsage', `There is no demo "${what}". Name edges or noise.`)
  },
).option('--out <folder>', 'where edges are written as weights.npz and filters.png', 'rho-lab-demo')

/** Makes a demo's dataset, if it is not there, and trains on it. */
async function train(part: Demo, context: Context): Promise<{ runId: number; trained: Output }> {
  const library = context.library(true)
  const found = listDatasets(library).find((dataset) => isDatasetOf(part, dataset))
  const heard = { onProgress: onImportProgress(context.progress), signal: context.interrupted }
  const datasetId =
    found?.id ??
    (await runDatasetJob(library, part.job, heard, (whole) =>
      withReader(heard, (reader) => reader.run('makeDraft', whole)),
    ))
  const runId = insertRun(library, {
    ...part.run,
    datasetId,
    appVersion: version,
    machine: describeMachine(),
  })
  return { runId, trained: await carryOut(runId, context) }
}

async function edges(out: string, context: Context): Promise<Output> {
  const { runId, trained } = await train(demo, context)
  if (context.interrupted.aborted || trained.exitCode !== 0) return trained
  await mkdir(out, { recursive: true })
  const weights = path.join(out, 'weights.npz')
  const filters = path.join(out, 'filters.png')
  await exportRun(context.library(), runId, { format: 'npz', file: weights, signal: context.interrupted })
  await exportRun(context.library(), runId, { format: 'png', file: filters, signal: context.interrupted })
  const text = [
    trained.text,
    '',
    `Wrote ${weights} (W1, W2, b1, b2) and ${filters} (what each hidden unit looks for).`,
    'To open the window, run on a machine with a display: npm start',
  ].join('\n')
  return { json: { ...(trained.json as object), files: [weights, filters] }, text }
}

async function noise(context: Context): Promise<Output> {
  const library = context.library(true)
  const runs: { runId: number; name: string; reconstruction: number | null; varianceExplained: number }[] = []
  for (const part of noiseVsStructure) {
    const { runId, trained } = await train(part, context)
    if (context.interrupted.aborted || trained.exitCode !== 0) return trained
    const run = getRun(library, runId)
    const { name, reconstruction } = run
    const explained = explainedVariance(library, run).trained
    runs.push({ runId, name, reconstruction, varianceExplained: explained ?? NaN })
  }
  const rows = runs.map((run) => [
    `${run.runId} ${run.name}`,
    fixed(run.reconstruction),
    `${(100 * run.varianceExplained).toFixed(1)}%`,
  ])
  return {
    json: { runs },
    text: [
      table(['run', 'reconstruction cost', 'variance explained'], rows),
      '',
      'Independent pixels cannot be told from fewer numbers; pixels of images depend on each other.',
    ].join('\n'),
  }
}
