import { z } from 'zod'
import { listDatasets } from '#db/queries/datasets.ts'
import { listRuns } from '#db/queries/runs.ts'
import { demo, isDatasetOf, noiseVsStructure, type Demo } from '#shared/domain/demo.ts'
import { runConfigSchema, type RunConfig } from '#shared/domain/runConfig.ts'
import type { RunSummary } from '#shared/domain/run.ts'
import type { Handle } from './handle.ts'
import { startRun } from './runs.ts'
import type { Services } from './services.ts'

/** One click from an empty library to a run, and to a comparison. */
export function handleDemo(handle: Handle, services: Services): void {
  handle('demo.start', z.tuple([]), async () => start(services, demo, await datasetOf(services, demo)))
  handle('demo.noise', z.tuple([]), async () => {
    const runs: RunSummary[] = []
    // One after the other: one dataset is made at a time.
    for (const part of noiseVsStructure) {
      const datasetId = await datasetOf(services, part)
      runs.push(sameRun(services, part, datasetId) ?? (await start(services, part, datasetId)))
    }
    return runs
  })
}

/** Makes the demo's dataset, if it is not there. */
async function datasetOf({ library, imports, changed }: Services, part: Demo): Promise<number> {
  const found = listDatasets(library).find((dataset) => isDatasetOf(part, dataset))
  if (found) return found.id
  const { kind, generator, name, sampling } = part.job
  const datasetId = await imports.start({ kind, generator }, name, sampling)
  changed({ runs: false, datasets: true })
  return datasetId
}

const start = (services: Services, { run }: Demo, datasetId: number): Promise<RunSummary> =>
  startRun(services, { ...run, datasetId, tags: [...run.tags] })

/** The same run, done or on its way. */
function sameRun({ library }: Services, { run }: Demo, datasetId: number): RunSummary | undefined {
  return listRuns(library).find(
    (other) =>
      other.datasetId === datasetId &&
      other.preset === run.preset &&
      inOrder(other.config) === inOrder(run.config) &&
      ['finished', 'running', 'queued'].includes(other.status),
  )
}

/** The same text for the same settings, in whatever order they are held. */
const inOrder = (config: RunConfig): string => JSON.stringify(runConfigSchema.parse(config))
