import { basename, extname, resolve } from 'node:path'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { labelsOf } from '#shared/domain/labels.ts'
import { patchGeometry, type PatchMatrix } from './array/arrayData.ts'
import type { ImageStack } from './array/imageStack.ts'
import { readArray, type ReadChoice } from './array/readArray.ts'
import { finishDraft, refuseTooMany, type UnfinishedDraft } from './draftDataset.ts'
import { refuseSmall } from './image/openImage.ts'
import type { ImportOptions, ImportSettings } from './importImages.ts'
import { samplePatches } from './sample/samplePatches.ts'
import { stopIfAborted } from './stopIfAborted.ts'

type Report = (stage: ImportProgress['stage'], done: number, total: number) => void

/**
 * Takes a file's matrix of patches, m × n, as a dataset. Patch size and channels follow from n; the sampling says only
 * how to normalise (values as they are for `none`) and which seed to note. A stack of images is sampled like image files.
 * @throws LabError badInput where the file holds no such array of finite numbers; stopped when aborted
 */
export async function importArray(
  path: string,
  { name, sampling, ...choice }: ImportSettings & ReadChoice,
  { onProgress, signal }: ImportOptions = {},
): Promise<DatasetDraft> {
  const report: Report = (stage, done, total) => {
    onProgress?.({ stage, done, total, skipped: 0 })
    stopIfAborted(signal)
  }
  const read = await readArray(path, choice, sampling, {
    signal,
    onRead: (done, total) => report('reading', done, total),
  })
  stopIfAborted(signal)
  const own = {
    name: name ?? basename(path, extname(path)),
    origin: read.array === null ? resolve(path) : `${resolve(path)}, ${read.array}`,
    normalisation: sampling.normalisation,
    seed: sampling.seed,
    skippedFiles: [],
    remarks: read.remarks,
  }
  if (read.kind === 'patches') {
    refuseSamplingOfRows(sampling, basename(path))
    report('normalising', 0, 1)
    return finishDraft({ ...own, ...rowsDraft(read) }, null)
  }
  try {
    const drawn = await sampleStack(read, sampling, report)
    report('normalising', 0, 1)
    return finishDraft({ ...own, ...drawn }, read.isUnit ? [0, 1] : 'extent')
  } finally {
    await read.close()
  }
}

type Drawn = Omit<UnfinishedDraft, 'name' | 'origin' | 'normalisation' | 'seed' | 'skippedFiles'>

const rowsDraft = ({ m, n, values, geometry, labels, columnNames, resolved }: PatchMatrix): Drawn => ({
  kind: 'array',
  patches: values,
  m,
  n,
  ...(geometry ?? patchGeometry(n)),
  images: [],
  positions: null,
  labels: labels === null ? null : labelsOf(labels),
  columnNames,
  resolved,
})

/** Rows are patches already: nothing is drawn that could be drawn again. */
function refuseSamplingOfRows({ minContrast, unique }: ImportSettings['sampling'], file: string): void {
  if (minContrast === undefined && !unique) return
  const what = unique ? 'Images that are there twice' : 'A least contrast'
  throw new LabError(
    'badInput',
    `${what} can be seen to when patches are cut from images; ${file} holds patches already.`,
  )
}

async function sampleStack(
  { sources, labels }: ImageStack,
  sampling: ImportSettings['sampling'],
  report: Report,
): Promise<Drawn> {
  const { patchSize, patches: m, channels } = sampling
  const n = patchSize ** 2 * channels
  refuseTooMany(m, n)
  refuseSmall(sources[0], patchSize)
  const sampled = await samplePatches(sources, sampling, {
    onRead: (done, total) => report('reading', done, total),
    onUnreadable(_file, error) {
      throw error
    },
  })
  if (sampled === null) throw new Error('a stack has images')
  const { positions } = sampled
  return {
    kind: 'images',
    ...sampled,
    m,
    n,
    patchSize,
    channels,
    labels:
      labels === null ? null : labelsOf(Array.from({ length: m }, (_, row) => labels[positions[3 * row]])),
  }
}
