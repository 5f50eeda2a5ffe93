import type { DatasetStatistics, PowerSpectrum } from '#shared/domain/dataset.ts'
import type { DatasetDraft } from '#shared/domain/datasetDraft.ts'
import { LabError } from '#shared/domain/labError.ts'
import { normalise } from './normalise/normalise.ts'
import { valueStatistics } from '#shared/numbers/valueStatistics.ts'
import { patchContrasts } from './statistics/patchContrast.ts'
import { powerSpectrum, spectrumFrequencies } from './statistics/powerSpectrum.ts'

/** 1 GiB of float32. */
export const maximumValues = 2 ** 28

/** @throws LabError badInput where m × n values would not fit in memory */
export function refuseTooMany(patches: number, visible: number): void {
  if (patches * visible <= maximumValues) return
  const gigabytes = ((patches * visible * 4) / 2 ** 30).toFixed(1)
  const atMost = Math.floor(maximumValues / visible)
  throw new LabError(
    'badInput',
    `${patches} patches of ${visible} values need ${gigabytes} GiB. Take at most ${atMost} patches of this size.`,
  )
}

/** Patches kept for the sheet that shows them before and after normalisation. */
const previewPatches = 192
const previewValues = 2 ** 20

/** A draft but for what normalising finds out. */
export type UnfinishedDraft = Omit<DatasetDraft, 'statistics' | 'preview' | 'whitening'>

/**
 * Normalises a draft's patches in place and adds what that shows.
 * @param rangeBefore ends of the histogram before, or null where there is no "before" (an imported array)
 */
export function finishDraft(
  draft: UnfinishedDraft,
  rangeBefore: readonly [number, number] | 'extent' | null,
): DatasetDraft {
  const { patches, m, n } = draft
  const count = Math.min(m, previewPatches, Math.max(48, Math.floor(previewValues / n)))
  const hasBefore = rangeBefore !== null
  const before = hasBefore
    ? valueStatistics(patches, rangeBefore === 'extent' ? undefined : rangeBefore)
    : null
  const previewBefore = hasBefore ? patches.slice(0, count * n) : null
  const contrast = valueStatistics(patchContrasts(patches, m, n))
  const spectrumBefore = hasBefore ? spectrumOf(draft) : null
  const { after, threeSigma, clippedShare, whitening, whiteningStatistics } = normalise(
    patches,
    m,
    n,
    draft.normalisation,
  )
  const statistics: DatasetStatistics = { before, after, threeSigma, clippedShare, contrast }
  return {
    ...draft,
    statistics: {
      ...statistics,
      spectrum: spectra(draft, spectrumBefore),
      whitening: whiteningStatistics,
    },
    preview: { count, before: previewBefore, after: patches.slice(0, count * n) },
    whitening,
  }
}

/** Of values that are the pixels of a square patch. */
function spectrumOf({ patches, m, patchSize, channels }: UnfinishedDraft): number[] | null {
  return patchSize === null || patchSize < 2 ? null : powerSpectrum(patches, m, { patchSize, channels })
}

function spectra(draft: UnfinishedDraft, before: number[] | null): PowerSpectrum | null {
  const after = draft.normalisation.kind === 'pca' ? null : spectrumOf(draft)
  if (draft.patchSize === null || (before === null && after === null)) return null
  return { frequencies: spectrumFrequencies(draft.patchSize), before, after }
}
