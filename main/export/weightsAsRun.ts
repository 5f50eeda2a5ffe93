import path from 'node:path'
import { momentNow } from '#db/clock.ts'
import type { Library } from '#db/library.ts'
import { newOwner } from '#db/owner.ts'
import { findDataset, listDatasets, readPatches } from '#db/queries/datasets.ts'
import { appendIterations } from '#db/queries/iterations.ts'
import { claimRun, endRun, setEngine, setNotes, type NewRun } from '#db/queries/runs.ts'
import { writeSnapshot } from '#db/queries/snapshots.ts'
import { evaluateAt, type CostEvaluation } from '#main/engine/evaluateAt.ts'
import type { DatasetSummary } from '#shared/domain/dataset.ts'
import { otherNormalisation } from '#shared/domain/normalisationText.ts'
import { LabError } from '#shared/domain/labError.ts'
import { defaultConfig, type RunConfig } from '#shared/domain/runConfig.ts'
import { saturationRemarks } from '#shared/model/saturation.ts'
import { readWeights } from './importWeights.ts'
import { insertRunWith, refuseMisfit } from './startingWeights.ts'

export interface WeightsAsRun extends Pick<NewRun, 'tags' | 'appVersion' | 'machine'> {
  /** Of the file. */
  path: string
  /** Id or name; the newest dataset with patches of that size where left out. */
  dataset?: string
  /** That of the file where left out. */
  name?: string
  /** Settings that stand over those that came with the weights. */
  settings: Partial<RunConfig>
}

/**
 * Takes a file of weights into the library as a finished run: nothing is trained. Cost and ρ̂ are those of the weights
 * on a dataset, which also gives reconstructions and the patches that make a unit active. What is to be known before
 * its numbers are believed stands in its notes.
 * @param work  reads the file and evaluates it: here, or in a thread, which is handed its arguments
 * @returns the run's id
 * @throws LabError badInput, shape for the file; notFound, shape for the dataset
 */
export async function importWeightsAsRun(
  library: Library,
  wanted: WeightsAsRun,
  work = { read: readWeights, evaluate: evaluateAt },
): Promise<number> {
  const {
    weights,
    theta,
    config: stored,
    normalisation,
  } = await work.read(wanted.path, {
    hidden: wanted.settings.hidden,
    visible:
      wanted.dataset === undefined
        ? listDatasets(library).map(({ visible }) => visible)
        : [findDataset(library, wanted.dataset).visible],
  })
  const { hidden, visible } = weights
  const file = path.basename(wanted.path)
  const dataset =
    wanted.dataset === undefined
      ? newestDataset(library, visible, file)
      : findDataset(library, wanted.dataset)
  refuseMisfit(file, weights, { dataset, hidden })
  const config = { ...defaultConfig, ...stored, ...wanted.settings, hidden }
  const evaluation = await work.evaluate(
    theta.slice(),
    { n: visible, h: hidden },
    { ...config, engine: 'onnx' },
    readPatches(library, dataset.id),
  )
  const run = {
    name: wanted.name ?? path.basename(wanted.path, path.extname(wanted.path)),
    datasetId: dataset.id,
    config,
    preset: null,
    tags: wanted.tags,
    appVersion: wanted.appVersion,
    machine: wanted.machine,
  }
  const origin = { kind: 'file', file: path.resolve(wanted.path) } as const
  const id = await insertRunWith(library, run, { weights, origin, name: file })
  const size = { n: visible, h: hidden }
  const other = otherNormalisation(file, normalisation, dataset)
  const remarks = [
    ...(other === null ? [] : [other]),
    ...saturationRemarks(config, size, { theta, rhoHat: evaluation.rhoHat }),
  ]
  if (remarks.length > 0) setNotes(library, id, remarks.join('\n\n'))
  await record(library, id, theta, evaluation)
  return id
}

function newestDataset(library: Library, visible: number, file: string): DatasetSummary {
  const fitting = listDatasets(library).find((one) => one.visible === visible && one.sizeBytes > 0)
  if (fitting) return fitting
  throw new LabError(
    'notFound',
    `${file}: weights for patches of ${visible} values, and no dataset here has such. Import or generate one first.`,
  )
}

/** What the weights are worth, as the only iteration of their run. */
async function record(
  library: Library,
  id: number,
  theta: Float64Array,
  { parts, rhoHat, gradient, engine, engineVersions }: CostEvaluation,
): Promise<void> {
  const owner = newOwner()
  claimRun(library, id, owner, momentNow())
  const reason = 'Nothing was trained: it computed the cost of these weights.'
  setEngine(library, id, { ...engine, reason }, engineVersions, owner)
  const averages = Float32Array.from(rhoHat)
  const record = {
    iteration: 0,
    ...parts,
    validation: null,
    gradientNorm: norm(gradient),
    stepLength: 0,
    evaluations: 1,
    elapsedMs: 0,
    rhoHat: averages,
  }
  appendIterations(library, id, [record], owner)
  await writeSnapshot(library, id, 0, Float32Array.from(theta), averages, owner)
  endRun(library, id, { status: 'finished', outcome: null, message: null, now: momentNow(), owner })
}

const norm = (values: Float64Array): number =>
  Math.sqrt(values.reduce((squares, value) => squares + value * value, 0))
