import {
  samplingSchema,
  storedMean,
  usualMean,
  usualRange,
  type RemovedMean,
  type Sampling,
} from '#shared/domain/dataset.ts'
import {
  activationNames,
  isActivation,
  patchRangeText,
  type ActivationName,
} from '#shared/model/activations.ts'
import type { Streams } from '#shared/random/stream.ts'
import { fieldErrors } from '../form/fieldErrors.ts'
import { formatField } from '../../format/number.ts'
import { parseNumber, typedProblems } from '../form/parseNumber.ts'

const squashFor = (units: ActivationName) => ({
  value: units,
  label: `±3σ to ${patchRangeText(units, '–')}, for ${units} units`,
  what: `${units === usualRange ? 'The course’s own: removes' : 'Removes'} each patch’s mean, clips at ±3σ of all values, maps to [${patchRangeText(units, ', ')}].`,
})

export const normalisationChoices = [
  ...activationNames.map(squashFor),
  {
    value: 'zca',
    label: 'ZCA whitening, for a linear decoder',
    what: 'Removes a mean and makes the values uncorrelated with equal variance.',
  },
  {
    value: 'pca',
    label: 'PCA whitening',
    what: 'As ZCA, but patches become their principal components, strongest first: no pixels any more.',
  },
  { value: 'mean', label: 'Mean removed', what: 'Removes each patch’s mean and nothing else.' },
  { value: 'none', label: 'None', what: 'Pixel values as they are, 0 to 1.' },
] as const
export type NormalisationChoice = (typeof normalisationChoices)[number]['value']

/** The sampling form as it is written: numbers are text until they are read. */
export interface SamplingDraft {
  patchSize: string
  patches: string
  channels: 1 | 3
  normalisation: NormalisationChoice
  epsilon: string
  keptVariance: string
  /** That whitening removes. */
  mean: RemovedMean
  seed: string
  /** Not shown: that of the dataset that is derived from, or of new ones. */
  streams: Streams
  /** Not shown either. */
  jpeg: Sampling['jpeg']
  pages: Sampling['pages']
  /** Empty for any. */
  minContrast: string
  unique: boolean
}

export function draftOf(sampling: Sampling): SamplingDraft {
  const { patchSize, patches, channels, normalisation, seed, minContrast, unique, streams, jpeg, pages } =
    sampling
  return {
    patchSize: String(patchSize),
    patches: String(patches),
    channels,
    normalisation: normalisation.kind === 'squash' ? normalisation.range : normalisation.kind,
    epsilon: formatField('epsilon' in normalisation ? normalisation.epsilon : 0.1),
    mean: 'epsilon' in normalisation ? (normalisation.mean ?? 'patch') : usualMean(channels),
    keptVariance: formatField(normalisation.kind === 'pca' ? normalisation.keptVariance : 1),
    seed: String(seed),
    minContrast: minContrast === undefined ? '' : formatField(minContrast),
    unique: unique === true,
    streams: streams ?? 'shared',
    jpeg,
    pages,
  }
}

function normalisationOf({ normalisation, epsilon, keptVariance, mean }: SamplingDraft) {
  const removed = storedMean(mean)
  if (isActivation(normalisation)) return { kind: 'squash', range: normalisation }
  switch (normalisation) {
    case 'zca':
      return { kind: 'zca', epsilon: parseNumber(epsilon), ...removed }
    case 'pca':
      return {
        kind: 'pca',
        epsilon: parseNumber(epsilon),
        keptVariance: parseNumber(keptVariance),
        ...removed,
      }
    default:
      return { kind: normalisation }
  }
}

/** The sampling that a form means, or a sentence for each field that cannot be. */
export function readSamplingDraft(draft: SamplingDraft): {
  sampling: Sampling | null
  problems: Readonly<Record<string, string>>
} {
  const parsed = samplingSchema.safeParse({
    patchSize: parseNumber(draft.patchSize, true),
    patches: parseNumber(draft.patches, true),
    channels: draft.channels,
    normalisation: normalisationOf(draft),
    seed: parseNumber(draft.seed, true),
    streams: draft.streams,
    ...(draft.jpeg && { jpeg: draft.jpeg }),
    ...(draft.pages && { pages: draft.pages }),
    // Absent, not empty: what is stored says only what was asked for.
    ...(draft.minContrast.trim() !== '' && { minContrast: parseNumber(draft.minContrast) }),
    ...(draft.unique && { unique: true }),
  })
  const { patchSize, patches, seed, minContrast, epsilon, keptVariance, normalisation } = draft
  const written = {
    patchSize,
    patches,
    seed,
    minContrast,
    ...(['zca', 'pca'].includes(normalisation) && { 'normalisation.epsilon': epsilon }),
    ...(normalisation === 'pca' && { 'normalisation.keptVariance': keptVariance }),
  }
  const isCount = (field: string) => ['patchSize', 'patches', 'seed'].includes(field)
  return {
    sampling: parsed.success ? parsed.data : null,
    problems: { ...fieldErrors(parsed.error), ...typedProblems(written, isCount) },
  }
}
