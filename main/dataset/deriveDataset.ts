import { stat } from 'node:fs/promises'
import type { DatasetDetail, Sampling } from '#shared/domain/dataset.ts'
import type { DatasetRecipe, DatasetSource } from '#shared/domain/datasetSource.ts'
import { LabError } from '#shared/domain/labError.ts'
import type { DatasetJob } from './runDatasetJob.ts'

export type DerivedDataset = Pick<
  DatasetDetail,
  | 'id'
  | 'name'
  | 'kind'
  | 'origin'
  | 'patches'
  | 'patchSize'
  | 'channels'
  | 'normalisation'
  | 'seed'
  | 'recipe'
>

/** How a dataset can be made again: as it noted, or as far as its own row tells (Rho Lab 0.1 noted nothing). */
export function recipeOf(dataset: DerivedDataset): DatasetRecipe {
  return dataset.recipe ?? { source: sourceOf(dataset), sampling: samplingOf(dataset) }
}

function sourceOf({ kind, origin }: DerivedDataset): DatasetSource {
  if (kind === 'images') return { kind: 'folder', path: origin }
  return kind === 'array' ? { kind: 'array', path: origin } : { kind: 'generate', generator: kind }
}

function samplingOf({ patches, patchSize, channels, normalisation, seed }: DerivedDataset): Sampling {
  return { patchSize: patchSize ?? 8, patches, channels, normalisation, seed }
}

/**
 * The job that makes another dataset from the source of one that is there.
 * @throws LabError notFound where the source is gone; badInput where patches would have to be cut anew that came cut
 */
export async function deriveJob(
  dataset: DerivedDataset,
  name: string,
  sampling: Sampling,
): Promise<DatasetJob> {
  const { source, sampling: before } = recipeOf(dataset)
  await refuseMissing(dataset, source)
  if (dataset.kind === 'array') refuseOtherPatches(dataset, before, sampling)
  // Files were read in one way only when a recipe said nothing of it.
  const asBefore = source.kind === 'array' && source.order === undefined && { plain: true }
  return { ...source, ...asBefore, name, sampling, derivedFrom: dataset.id }
}

async function refuseMissing({ name, kind }: DerivedDataset, source: DatasetSource): Promise<void> {
  if (source.kind === 'generate') return
  const found = await stat(source.path).catch(() => null)
  if (source.kind === 'folder' ? found?.isDirectory() : found?.isFile()) return
  const [are, mend] =
    kind === 'images'
      ? ['Its images are', 'Put them back there, or import them anew.']
      : ['Its file is', 'Put it back there, or import it anew.']
  throw new LabError(
    'notFound',
    `The dataset "${name}" cannot be made anew. ${are} no longer at ${source.path}. ${mend}`,
  )
}

/** Rows of a matrix are patches already. */
function refuseOtherPatches({ name }: DerivedDataset, before: Sampling, after: Sampling): void {
  if (
    before.patchSize === after.patchSize &&
    before.channels === after.channels &&
    before.patches === after.patches
  )
    return
  throw new LabError(
    'badInput',
    `The dataset "${name}" came as finished patches, which cannot be cut anew. Change its normalisation alone.`,
  )
}
