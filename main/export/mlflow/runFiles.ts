import type { Library } from '#db/library.ts'
import { readWhitening } from '#db/queries/datasets.ts'
import { readSeries } from '#db/queries/iterations.ts'
import type { IterationColumns, RunDetail } from '#shared/domain/run.ts'
import { weightsAt } from '../exportRun.ts'
import { formatPng, namedFilterPictures } from '../filterPng.ts'
import { formatWeightsNpz } from '../npz.ts'

export interface RunFile {
  /** Path inside the run's folder. */
  name: string
  content: string | Uint8Array
}

/** Everything of a run in an MLflow file store but its `meta.yaml`; one file a parameter, metric and tag. */
export async function* runFiles(library: Library, run: RunDetail): AsyncGenerator<RunFile> {
  for (const [folder, texts] of Object.entries({ params: parameters(run), tags: tags(run) })) {
    for (const [name, value] of Object.entries(texts)) {
      if (value !== null && value !== '') yield { name: `${folder}/${name}`, content: String(value) }
    }
  }
  yield* metrics(readSeries(library, run.id, -1), Date.parse(run.startedAt ?? run.createdAt))
  const { weights, rhoHat } = weightsAt(library, run.id)
  yield {
    name: 'artifacts/weights.npz',
    content: formatWeightsNpz({ weights, rhoHat, config: run.config }),
  }
  if (run.patchSize === null) return
  for (const { name, picture } of namedFilterPictures(
    run,
    weights.W1,
    readWhitening(library, run.datasetId),
  )) {
    yield { name: `artifacts/${name}.png`, content: await formatPng(picture) }
  }
}

const parameters = (run: RunDetail) => ({
  ...run.config,
  dataset: run.datasetName,
  datasetHash: run.datasetHash,
  patches: run.datasetPatches,
  visible: run.visible,
  preset: run.preset,
})

const tags = (run: RunDetail) => ({
  'mlflow.runName': run.name,
  'mlflow.note.content': run.notes,
  tags: run.tags.join(', '),
  engine: run.engine ? `${run.engine.backend}, ${run.engine.device}, ${run.engine.precision}` : null,
  outcome: run.outcome,
  appVersion: run.appVersion,
  machine: run.machine,
})

/** A line a value: milliseconds since 1970, value, step. What is not a number is left out. */
function* metrics(
  { count, iteration, elapsedMs, ...columns }: IterationColumns,
  startMs: number,
): Generator<RunFile> {
  for (const [metric, values] of Object.entries({ ...columns, elapsedMs })) {
    const steps = Array.from({ length: count }, (_, k) => k).filter((k) => Number.isFinite(values[k]))
    const lines = steps.map((k) => `${Math.round(startMs + elapsedMs[k])} ${values[k]} ${iteration[k]}\n`)
    // MLflow takes a metric without values for a damaged one.
    if (lines.length > 0) yield { name: `metrics/${metric}`, content: lines.join('') }
  }
}
