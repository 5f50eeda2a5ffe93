import type { Library } from '#db/library.ts'
import type { MlflowRun, MlflowValue } from '#db/mlflowStore.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import type { RunDetail } from '#shared/domain/run.ts'
import { weightsAt } from '../exportRun.ts'
import { formatPng, namedFilterPictures } from '../filterPng.ts'
import { formatWeightsNpz } from '../npz.ts'

export interface Artifact {
  name: string
  content: Uint8Array
}

/** What MLflow keeps of a run in files. @throws LabError badInput where there are no weights yet */
export async function* artifacts(library: Library, run: RunDetail): AsyncGenerator<Artifact> {
  const { weights, rhoHat } = weightsAt(library, run.id)
  yield { name: 'weights.npz', content: formatWeightsNpz({ weights, rhoHat, config: run.config }) }
  if (run.patchSize === null) return
  for (const { name, picture } of namedFilterPictures(
    run,
    weights.W1,
    readWhitening(library, run.datasetId),
  )) {
    yield { name: `${name}.png`, content: await formatPng(picture) }
  }
}

export const parameters = (run: RunDetail): MlflowRun['params'] =>
  texts({
    ...run.config,
    dataset: run.datasetName,
    datasetHash: run.datasetHash,
    patches: run.datasetPatches,
    visible: run.visible,
    preset: run.preset,
  })

export const tags = (run: RunDetail): MlflowRun['tags'] =>
  texts({
    'mlflow.runName': run.name,
    'mlflow.note.content': run.notes,
    tags: run.tags.join(', '),
    engine: run.engine ? `${run.engine.backend}, ${run.engine.device}, ${run.engine.precision}` : null,
    outcome: run.outcome,
    appVersion: run.appVersion,
    machine: run.machine,
  })

const texts = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  )

/** A value an iteration; what was not measured has none. @param startMs  when the run started, ms since 1970 */
export function metrics(library: Library, run: RunDetail, startMs: number): MlflowRun['metrics'] {
  const { count, iteration, elapsedMs, ...columns } = readSeries(library, run.id, -1)
  const rows: Record<string, MlflowValue[]> = {}
  for (const [metric, values] of Object.entries({ ...columns, elapsedMs })) {
    const measured = Array.from({ length: count }, (_, k) => k).filter((k) => !Number.isNaN(values[k]))
    if (measured.length === 0) continue
    rows[metric] = measured.map((k) => ({
      step: iteration[k],
      value: values[k],
      timestamp: Math.round(startMs + elapsedMs[k]),
    }))
  }
  return rows
}
