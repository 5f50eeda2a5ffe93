import { basename, extname, resolve } from 'node:path'
import type { ImportProgress } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { finishDraft } from './draftDataset.ts'
import type { ImportOptions, ImportSettings } from './importImages.ts'
import { readNpy } from './npy/readNpy.ts'
import { stopIfAborted } from './stopIfAborted.ts'

/**
 * Takes a `.npy` matrix of patches, m × n, as a dataset. Patch size and channels follow from n; the sampling says
 * only how to normalise (values as they are for `none`) and which seed to note.
 * @throws LabError badInput where the file is no matrix of finite floats; stopped when aborted
 */
export async function importArray(
  path: string,
  { name, sampling }: ImportSettings,
  { onProgress, signal }: ImportOptions = {},
): Promise<DatasetDraft> {
  const report = (stage: ImportProgress['stage'], done: number, total: number) => {
    onProgress?.({ stage, done, total, skipped: 0 })
    stopIfAborted(signal)
  }
  const { m, n, values } = await readNpy(path, {
    signal,
    onRead: (done, total) => report('reading', done, total),
  })
  report('normalising', 0, 1)
  return finishDraft(
    {
      name: name ?? basename(path, extname(path)),
      kind: 'array',
      origin: resolve(path),
      patches: values,
      m,
      n,
      ...patchGeometry(n),
      normalisation: sampling.normalisation,
      seed: sampling.seed,
      skippedFiles: [],
      images: [],
      positions: null,
    },
    null,
  )
}

/** A square grey patch if n is a square, else a square RGB patch if n/3 is one; else no picture. */
export function patchGeometry(n: number): { patchSize: number | null; channels: 1 | 3 } {
  const grey = Math.sqrt(n)
  if (Number.isInteger(grey)) return { patchSize: grey, channels: 1 }
  const colour = Math.sqrt(n / 3)
  return Number.isInteger(colour) ? { patchSize: colour, channels: 3 } : { patchSize: null, channels: 1 }
}
